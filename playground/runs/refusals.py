"""What the hub refuses; the message says why, and what to do."""

from __future__ import annotations


class Refused(Exception):
    """What somebody asks for is not done, as by the rules of their class."""


class NotYours(Refused):
    """Somebody else's run or sweep cannot be commanded."""


class NotEnded(Refused):
    """A run that waits or trains cannot be deleted."""


class TooMany(Refused):
    """A limit of this server is reached."""


class CannotBegin(Refused):
    """No run can go on from there, or not so."""
