"""A drawing or photo as an item of the data set. May import NumPy, Pillow, SciPy."""
