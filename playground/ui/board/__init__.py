"""The live board: a run's charts, and the one stream of events of a browser."""
