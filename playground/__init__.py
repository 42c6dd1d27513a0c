"""A visual playground in which one can feel how a neural network learns."""
