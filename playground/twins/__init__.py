"""What a hand makes of a photo, and what a run adds to its photos. May import NumPy, SciPy."""
