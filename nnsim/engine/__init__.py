"""The run: a thread that owns the arrays, and the messages in and out of it. No Qt."""
