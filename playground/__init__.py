"""A visual playground in which one can feel how a neural network learns."""

__version__ = "0.2.0"
