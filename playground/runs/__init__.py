"""Who trains when, and what everybody hears of it. May import the engine's protocol, store."""
