"""The catalogues: `LANGUAGE.po` beside this file, and the template `playground.pot` they follow."""

from __future__ import annotations

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from playground.locales.pseudo import PSEUDO, pseudo_catalogue

SOURCE_LANGUAGE = "en"
_FOLDER = Path(__file__).parent
TEMPLATE = _FOLDER / "playground.pot"

_WITHOUT_VISITORS = tuple(
    f"playground/{room}"
    for room in ("dataset.py", "engine/", "events.py", "runs/", "store/", "training/")
)

BrowserCatalogue = dict[str, str | list[str]]


@lru_cache
def languages() -> tuple[str, ...]:
    """The languages that the app speaks, as in `lang` attributes; the source language first."""
    return (SOURCE_LANGUAGE, *sorted(path.stem for path in _FOLDER.glob("*.po")), PSEUDO)


@lru_cache
def in_its_own_words(language: str) -> str:
    """The name of a language for people who may read no other, such as 한국어."""
    try:
        name = Locale.parse(language, sep="-").get_display_name()
    except UnknownLocaleError:
        name = None
    return name[:1].upper() + name[1:] if name else language


def is_translated(message: Message) -> bool:
    """Whether there is a translation of each of its forms, and not a guess ("fuzzy") only."""
    return not message.fuzzy and all(_forms(message))


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


@lru_cache
def translations(language: str) -> NullTranslations:
    """The translations into a language of `languages()`; what lacks one stays English."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, _catalogue(language))
    return GNUTranslations(BytesIO(compiled.getvalue()))


@lru_cache
def browser(language: str) -> BrowserCatalogue:
    """The translations of what JavaScript says: text, or texts by plural form, for each message."""
    if language == SOURCE_LANGUAGE:
        return {}
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (
            message.string if isinstance(message.string, str) else _forms(message)
        )
        for message in _catalogue(language)
        if any(file.endswith(".js") for file, _line in message.locations) and is_translated(message)
    }


@lru_cache
def sentences(language: str) -> dict[str, str]:
    """The translations of what is said where no visitor's language is known.

    Workers, the hub and the store say it in English; it is stored or sent, and translated where it
    is shown.
    """
    if language == SOURCE_LANGUAGE:
        return {}
    return {
        message.id: message.string
        for message in _catalogue(language)
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and is_translated(message)
        and any(file.startswith(_WITHOUT_VISITORS) for file, _line in message.locations)
    }


@lru_cache
def _catalogue(language: str) -> Catalog:
    if language == PSEUDO:
        with TEMPLATE.open("rb") as file:
            return pseudo_catalogue(read_po(file))
    with (_FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))
