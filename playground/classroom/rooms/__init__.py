"""The classes of a server: their logs, the door to them, and their end by age."""
