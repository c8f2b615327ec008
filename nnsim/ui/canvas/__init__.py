"""The network as a picture one can touch: layout, items, gestures, headers, and the widget."""
