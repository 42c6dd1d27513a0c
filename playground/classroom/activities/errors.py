"""What is said about an activity that cannot be used."""

from __future__ import annotations

from pydantic import ValidationError

from playground.locales import Text, lazy


class ActivityError(ValueError):
    """A text is no activity that can be used; the message is a sentence that names the field."""


def of_validation(error: ValidationError) -> ActivityError:
    """The first thing that a model has refused, in a sentence that names its field."""
    first = error.errors(include_url=False, include_input=False, include_context=True)[0]
    place = ".".join(str(part) for part in first["loc"])
    said = first.get("ctx", {}).get("error")
    reason: object = first["msg"]
    if isinstance(said, ValueError) and said.args and isinstance(said.args[0], Text):
        reason = said.args[0]
    if not place:
        return ActivityError(lazy("This activity cannot be used: {reason}", reason=reason))
    return ActivityError(
        lazy("The field “{field}” cannot be used: {reason}", field=place, reason=reason)
    )
