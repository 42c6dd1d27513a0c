"""Comparing runs: what differs, chance, sweeps. May import NumPy, SciPy, config, locales."""
