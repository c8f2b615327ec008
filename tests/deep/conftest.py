"""The hands of the window's tests, for the long ones."""

from fast_suite import part

_window = part("ui/conftest.py")
settings_file, open_page, page = _window.settings_file, _window.open_page, _window.page
