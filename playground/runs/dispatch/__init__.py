"""Dispatch: which run trains when, and on which worker. May import the engine's protocol, store."""
