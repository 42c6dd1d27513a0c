"""Ready-made: the network for drawings that the server trains by itself. May import the hub."""
