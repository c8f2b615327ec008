"""nnsim: a desktop program for understanding neural networks, number by number."""

__version__ = "0.1.0"
