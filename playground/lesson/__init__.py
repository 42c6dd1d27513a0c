"""The lecture's computations, each small enough to follow: NumPy, and nothing of the screen."""
