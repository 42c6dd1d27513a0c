"""What a hand makes of a photo. May import NumPy, SciPy."""
