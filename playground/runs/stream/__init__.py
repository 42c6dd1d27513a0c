"""The way of events to browsers: one channel a run, one stream a browser. May import the hub."""
