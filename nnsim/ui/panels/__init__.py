"""The docks beside the canvas: data on the left, properties on the right."""
