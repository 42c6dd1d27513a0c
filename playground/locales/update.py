"""Gather every message of Python and JavaScript: `python -m playground.locales.update`.

It writes the template, brings each catalogue up to date with it, and says what is missing there.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from playground.locales.catalogue import TEMPLATE, is_translated

_PACKAGE = Path(__file__).parents[1]
_METHODS = [("**.py", "python"), ("**.js", "javascript")]
_KEYWORDS = {"t": None, "lazy": None, "mark": None, "plural": (1, 2)}


def template() -> Catalog:
    """Every message of the package, with the files that it stands in."""
    catalogue = Catalog(project="playground", charset="utf-8")
    found = extract_from_dir(
        _PACKAGE,
        _METHODS,
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for file, _line, message, comments, context in found:
        catalogue.add(
            message,
            locations=[(f"playground/{Path(file).as_posix()}", 0)],
            auto_comments=comments,
            context=context,
        )
    return catalogue


def as_text(catalogue: Catalog) -> bytes:
    """A catalogue as a file, without anything that changes from day to day."""
    written = BytesIO()
    write_po(
        written, catalogue, width=100, sort_by_file=True, include_lineno=False, omit_header=True
    )
    return written.getvalue()


def main() -> None:
    """Write the template and bring the catalogues up to date."""
    new = template()
    TEMPLATE.write_bytes(as_text(new))
    for path in sorted(TEMPLATE.parent.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.stem.replace("-", "_"))
        catalogue.update(new, no_fuzzy_matching=True)
        path.write_bytes(as_text(catalogue))
        missing = sum(1 for message in catalogue if message.id and not is_translated(message))
        print(f"{path.name}: {missing} messages have no translation")
    print(f"{TEMPLATE.name}: {len(new)} messages")


if __name__ == "__main__":
    main()
