"""A language for tests: English in which every string of ours is changed and 40 % longer.

What is still plain English on a page in this language has not passed through the translation.
"""

from __future__ import annotations

import re

from babel.messages.catalog import Catalog

PSEUDO = "en-XA"
OPEN, CLOSE = "⟦", "⟧"
_ACCENTED = str.maketrans(
    "aceinouyzACEINOUYZ",
    "áçéíñóúýžÁÇÉÍÑÓÚÝŽ",
)
# What is no word: placeholders, formulas, code, HTML, links' addresses, icons.
_KEPT = re.compile(
    r"(\{\w+(?::[^{}]*)?\}|\$\$.*?\$\$|\$[^$\n]+\$|`[^`]*`|<[^<>]+>|&\w+;|\]\([^)\s]*\)|:\w+/\w+:|"
    r"https?://\S+)",
    re.DOTALL,
)


def pseudo(text: str) -> str:
    """The text in the language of tests; placeholders, formulas and markup stay."""
    parts = _KEPT.split(text)
    changed = "".join(part if i % 2 else part.translate(_ACCENTED) for i, part in enumerate(parts))
    # Around each line and not the whole: Markdown's lists and tables stay what they are.
    return "\n".join(_framed(line) for line in changed.split("\n"))


_LINE_START = re.compile(r"(\s*(?:[-*>] |\d+\. |#+ |\|)?\s*)(.*?)(\s*\|?\s*)", re.DOTALL)


def _framed(line: str) -> str:
    matched = _LINE_START.fullmatch(line)
    assert matched is not None
    start, words, end = matched.groups()
    if not re.search(r"[^\W\d_]", words) or set(words) <= set("|-: "):
        return line
    longer = "·" * max(1, len(words) * 2 // 5)
    return f"{start}{OPEN}{words} {longer}{CLOSE}{end}"


def pseudo_catalogue(template: Catalog) -> Catalog:
    """The template's messages in the language of tests, which has English's plural forms."""
    catalogue = Catalog(locale="en")
    for message in template:
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else message.id
            strings = tuple(pseudo(text) for text in ids)
            catalogue.add(
                message.id,
                strings[0] if isinstance(message.id, str) else strings,
                locations=message.locations,
                context=message.context,
            )
    return catalogue
