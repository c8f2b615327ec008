"""The window. Shows values, turns gestures into verbs; the only room that knows Qt."""
