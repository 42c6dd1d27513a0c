"""The envelope of a sealed activity on the screen."""
