"""From an English message to what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache

from playground.locales.catalogue import SOURCE_LANGUAGE, sentences, translations
from playground.locales.particles import particle

_PLACEHOLDER = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
# A placeholder, what may stand close to it, and a particle that depends on its value.
_WITH_PARTICLE = re.compile(_PLACEHOLDER.pattern + r"(?:([^\w\s\[\]{}]*)\[(\w+)/(\w+)\])?")


def _source() -> str:
    return SOURCE_LANGUAGE


# Who says in which language this thread shows something: the pages, once they are there. What no
# page shows, such as a log, is in English.
_choose: Callable[[], str] = _source


def choose_language_by(choose: Callable[[], str]) -> None:
    """From now on ask this function for the language; it returns one of `languages()`."""
    global _choose
    _choose = choose


_asked_for: ContextVar[str | None] = ContextVar("language", default=None)


@contextmanager
def speaking(asked: str) -> Iterator[None]:
    """Within, whatever is said is in this language: an answer to a request, which is no page's."""
    token = _asked_for.set(asked)
    try:
        yield
    finally:
        _asked_for.reset(token)


def language() -> str:
    """The language in which this thread shows something."""
    return _asked_for.get() or _choose()


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
    values: dict[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return t(self.message, **self.values)


def lazy(message: str, /, **values: object) -> Text:
    """The message, to be translated when it is shown; an exception's argument, for example."""
    return Text(message, values)


def english(said: object) -> str:
    """A text, or an error's, in English: to be stored, sent or logged.

    Args:
        said: `lazy(…)`, an exception with such an argument, or anything with a `str` of its own.
    """
    if isinstance(said, BaseException) and said.args and isinstance(said.args[0], Text):
        said = said.args[0]
    if not isinstance(said, Text):
        return str(said)
    texts = (Text, BaseException)
    values = {name: english(v) if isinstance(v, texts) else v for name, v in said.values.items()}
    return _filled(said.message, values)


def from_english(sentence: str) -> str:
    """A text that `english` has made, perhaps in another process, in the visitor's language.

    Its message is found again by its words, its values between them; these may be such texts, too.
    What is none of this version's messages stays as it is.
    """
    spoken = language()
    if spoken == SOURCE_LANGUAGE or not sentence:
        return sentence
    known = sentences(spoken)
    if sentence in known:
        return known[sentence]
    for pattern, translated in _patterns(spoken):
        if found := pattern.fullmatch(sentence):
            return _with_values_of(found, translated)
    return sentence


def _with_values_of(found: re.Match[str], translated: str) -> str:
    values = {name: from_english(value) for name, value in found.groupdict().items()}
    return _fill(translated, lambda name, _spec: values.get(name))


@lru_cache
def _patterns(spoken: str) -> list[tuple[re.Pattern[str], str]]:
    """What the sentences with values look like, and their translations; most words first."""
    found = []
    for message, translated in sentences(spoken).items():
        words = _PLACEHOLDER.split(message)[::3]
        if len(words) > 1:
            names = [place[1] for place in _PLACEHOLDER.finditer(message)]
            groups = [f"(?P<{name}>.*?)" for name in names] + [""]
            pattern = "".join(re.escape(w) + group for w, group in zip(words, groups, strict=True))
            found.append((sum(map(len, words)), re.compile(pattern, re.DOTALL), translated))
    return [(pattern, text) for _, pattern, text in sorted(found, key=lambda each: -each[0])]


def _filled(text: str, values: dict[str, object]) -> str:
    if not values:
        return text
    return _fill(
        text, lambda name, spec: format(values[name], spec or "") if name in values else None
    )


def _fill(text: str, value: Callable[[str, str | None], str | None]) -> str:
    """A message with values in its places, and after them the particles that fit."""

    def fill(found: re.Match[str]) -> str:
        name, spec, between, with_final, without = found.groups()
        written = value(name, spec)
        if written is None:
            return found[0]
        if with_final is None:
            return written
        return written + between + particle(written, with_final, without)

    return _WITH_PARTICLE.sub(fill, text)
