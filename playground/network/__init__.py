"""A network without Keras: inference, gradients, what it shows. May import NumPy, SciPy."""
