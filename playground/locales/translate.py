"""From an English message to what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playground.locales.catalogue import SOURCE_LANGUAGE, translations

_PLACEHOLDER = re.compile(r"\{(\w+)(?::([^{}]*))?\}")


def _source() -> str:
    return SOURCE_LANGUAGE


# Who says in which language this thread shows something: the pages, once they are there. What no
# page shows, such as a log, is in English.
_choose: Callable[[], str] = _source


def choose_language_by(choose: Callable[[], str]) -> None:
    """From now on ask this function for the language; it returns one of `languages()`."""
    global _choose
    _choose = choose


def language() -> str:
    """The language in which this thread shows something."""
    return _choose()


def t(message: str, /, **values: object) -> str:
    """The message in the visitor's language.

    Args:
        message: in English, written out at the call: the catalogues are made of these.
        values: for its placeholders, `{name}` or `{name:format}`.
    """
    # Under the empty message a catalogue keeps its own header.
    return _filled(translations(language()).gettext(message), values) if message else ""


def plural(one: str, many: str, count: int, /, **values: object) -> str:
    """The message in the form that fits a number, which is also the value of `{count}`."""
    translated = translations(language()).ngettext(one, many, count)
    return _filled(translated, {"count": count, **values})


def mark(message: str) -> str:
    """The message as it is, for the catalogues: `t` shows it later."""
    return message


@dataclass(frozen=True)
class Text:
    """A message that is translated when it is shown: `str(text)`."""

    message: str
    values: dict[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return t(self.message, **self.values)


def lazy(message: str, /, **values: object) -> Text:
    """The message, to be translated when it is shown; an exception's argument, for example."""
    return Text(message, values)


def _filled(text: str, values: dict[str, Any]) -> str:
    def fill(found: re.Match[str]) -> str:
        name, spec = found.groups()
        return format(values[name], spec or "") if name in values else found[0]

    return _PLACEHOLDER.sub(fill, text) if values else text
