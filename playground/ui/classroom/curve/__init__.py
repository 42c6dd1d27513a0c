"""A learning curve that is drawn by hand before training, and the real one over it."""
