"""Dialogs. None of them blocks: they are opened, and say by a signal or a call what was decided."""
