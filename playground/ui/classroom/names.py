"""The names of members as a visitor reads them: views have the colours and animals in English."""

from __future__ import annotations

from functools import lru_cache

from playground.classroom.codes import alias
from playground.classroom.rules.log import MOST_MEMBERS
from playground.locales import SOURCE_LANGUAGE, english, language


def aliases() -> dict[str, str]:
    """Every member's colour and animal in the visitor's language by the English; none in English.

    It must not be changed.
    """
    return _aliases(language())


def own_alias(number: int) -> dict[str, str]:
    """That of one member alone, as in `aliases`."""
    name = english(alias(number))
    return {name: spoken(name)}


def spoken(name: str) -> str:
    """A member's name in the visitor's language; a nickname is what it is."""
    return aliases().get(name, name)


@lru_cache
def _aliases(asked: str) -> dict[str, str]:
    if asked == SOURCE_LANGUAGE:
        return {}
    return {english(alias(n)): str(alias(n)) for n in range(1, MOST_MEMBERS + 1)}
