"""What is said about an activity that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import ValidationError

from playground.locales import Text, lazy, mark


class ActivityError(ValueError):
    """A text is no activity that can be used; the message is a sentence that names the field."""


class RunSettingsError(ValueError):
    """Settings in an activity are not those of a run.

    Attributes:
        first: the first thing that is wrong with them.
    """

    def __init__(self, error: ValidationError) -> None:
        super().__init__(lazy("These are not settings of a run."))
        self.first = _first(error)


_LONGEST_NAME = 40
_TEXT = mark("It must be text.")
_WHOLE = mark("It must be a whole number.")
_NUMBER = mark("It must be a number.")
_YES_OR_NO = mark("It must be true or false.")
_LIST = mark("It must be a list.")
_FIELDS = mark("It must have fields of its own.")
_ONE_OF = mark("It must be one of these: {allowed}.")
_TOO_LARGE = mark("A number in it is too large.")
# Why a value cannot be used, by Pydantic's kind of error.
_REASONS = {
    "string_type": _TEXT,
    "string_too_long": mark("It has more than {limit} characters."),
    "string_pattern_mismatch": mark(
        "It may have only the letters a to z and digits, with single hyphens between them."
    ),
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _TOO_LARGE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "greater_than_equal": mark("It must be {limit} or more."),
    "less_than_equal": mark("It must be {limit} or less."),
    "literal_error": _ONE_OF,
    "union_tag_invalid": _ONE_OF,
    "too_short": mark("It must have {limit} entries or more."),
    "too_long": mark("It must have {limit} entries or fewer."),
    "tuple_type": _LIST,
    "named_tuple_type": _LIST,
    "dict_type": _FIELDS,
    "model_type": _FIELDS,
    "json_invalid": mark("It has a character that is no text."),
}
_OTHER = mark("Its value does not fit.")
# Of these kinds the name of the field says all.
_SENTENCES = {
    "missing": mark("The field “{field}” is missing."),
    "union_tag_not_found": mark("The field “{field}” is missing."),
    "extra_forbidden": mark("There is no field “{field}”."),
}
# Where each kind has its limit.
_LIMITS = ("max_length", "min_length", "ge", "le")


def of_validation(error: ValidationError) -> ActivityError:
    """The first thing that a model has refused, in a sentence that names its field."""
    first = _first(error)
    names, said = [*first.names], first.known.get("error")
    if isinstance(said, RunSettingsError):
        first = said.first
        names += first.names
    if first.kind in ("union_tag_invalid", "union_tag_not_found"):
        names.append(_unquoted(first.known["discriminator"]))
    field = ".".join(str(name)[:_LONGEST_NAME] for name in names)
    if sentence := _SENTENCES.get(first.kind):
        return ActivityError(lazy(sentence, field=field))
    reason = _reason(first)
    if not field:
        return ActivityError(lazy("This activity cannot be used: {reason}", reason=reason))
    return ActivityError(
        lazy("The field “{field}” cannot be used: {reason}", field=field, reason=reason)
    )


class _Refusal(NamedTuple):
    """An error as Pydantic tells it: its kind, the names that lead to the field, and details."""

    kind: str
    names: tuple[int | str, ...]
    known: Mapping[str, object]


def _first(error: ValidationError) -> _Refusal:
    first = error.errors(include_url=False, include_input=False)[0]
    return _Refusal(first["type"], first["loc"], first.get("ctx", {}))


def _reason(refusal: _Refusal) -> Text:
    """Why a value cannot be used: our own sentence where a validator of ours has refused it."""
    known = refusal.known
    said = known.get("error")
    if isinstance(said, ValueError) and said.args and isinstance(said.args[0], Text):
        return said.args[0]
    allowed = _unquoted(known.get("expected", known.get("expected_tags", "")))
    return lazy(_REASONS.get(refusal.kind, _OTHER), limit=_limit(known), allowed=allowed)


def _limit(known: Mapping[str, object]) -> str:
    """The limit that was passed, a whole number without decimals; empty if it is about none."""
    limit = next((known[name] for name in _LIMITS if name in known), "")
    return str(limit).removesuffix(".0")


def _unquoted(names: object) -> str:
    """Pydantic's list, such as "'a', 'b' or 'c'", without its signs and its word."""
    return str(names).replace(" or ", ", ").replace("'", "")
