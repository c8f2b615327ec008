"""The document: an immutable project, and the pure functions that change it."""
