"""What stays: runs, events, files, drawings. May import SQLAlchemy, drawing."""
