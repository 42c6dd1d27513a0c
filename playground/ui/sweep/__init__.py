"""Sweeps on the screen: the form that plans one, its cells as they fill."""
