"""What the hub refuses; the message says why, and what to do."""

from __future__ import annotations


class NotYours(Exception):
    """Somebody else's run or sweep cannot be commanded."""


class NotEnded(Exception):
    """A run that waits or trains cannot be deleted."""


class TooMany(Exception):
    """A limit of this server is reached."""
