"""The computations of Learn's pages. May import NumPy, SciPy, network."""
