"""Languages: the functions that every visible string passes through. Imports Babel only.

The English text is the message itself: `t("Stop after {count} epochs", count=3)`. Placeholders are
named; a brace that is no placeholder of the call stays, so formulas need no escaping.

| where | call |
| --- | --- |
| a string that is shown at once | `t("…")` |
| a number decides about the form | `plural("{count} run", "{count} runs", count)` |
| made now, shown later, perhaps in another language: an error, a constant | `lazy("…")` |
| a plain string that `t(variable)` shows later: a status, a field's description | `mark("…")` |
| stored, sent or logged: always English | `english(lazy("…"))` or `english(error)` |
| such a text, where a visitor reads it | `from_english(text)` |

JavaScript has the same `t` and `plural` (`ui/common/translate.js`), whose catalogue is `browser()`.
"""

from __future__ import annotations

from playground.locales.catalogue import (
    SOURCE_LANGUAGE,
    browser,
    in_its_own_words,
    languages,
    sentences,
)
from playground.locales.translate import (
    Text,
    choose_language_by,
    english,
    from_english,
    language,
    lazy,
    mark,
    plural,
    speaking,
    t,
)

__all__ = [
    "SOURCE_LANGUAGE",
    "Text",
    "browser",
    "choose_language_by",
    "english",
    "from_english",
    "in_its_own_words",
    "language",
    "languages",
    "lazy",
    "mark",
    "plural",
    "sentences",
    "speaking",
    "t",
]
