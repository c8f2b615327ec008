"""The arithmetic: NumPy and the standard library only; no files, threads, clocks or module state."""
