"""The library in the window: a list to choose from, and the panel of the worked example that is open."""
