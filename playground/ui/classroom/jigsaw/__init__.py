"""The jigsaw on the screen: one's own cell, and the map that all fill together."""
