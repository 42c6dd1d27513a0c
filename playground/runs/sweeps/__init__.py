"""Sweeps: which runs of a plan are to be queued, and when. May import store, experiments."""
