"""Activities, which are data only: their schema, files and links, and those that are ready.

Imports PyYAML, `config` and `locales` only.
"""

from __future__ import annotations

from playground.classroom.activities.errors import ActivityError
from playground.classroom.activities.files import dump, from_link, load, to_link
from playground.classroom.activities.ready import ready
from playground.classroom.activities.schema import (
    Activity,
    Axis,
    Choice,
    Curve,
    Jigsaw,
    Number,
    Prediction,
    Target,
)
from playground.classroom.activities.words import Words

__all__ = [
    "Activity",
    "ActivityError",
    "Axis",
    "Choice",
    "Curve",
    "Jigsaw",
    "Number",
    "Prediction",
    "Target",
    "Words",
    "dump",
    "from_link",
    "load",
    "ready",
    "to_link",
]
