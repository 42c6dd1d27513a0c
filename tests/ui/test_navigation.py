"""The one list of pages."""

from __future__ import annotations

from playground.ui import navigation


def test_every_page_can_be_imported_and_shown() -> None:
    navigation.import_pages()
    for entry in (*navigation._WORK, *navigation._LEARN):
        assert callable(navigation._module(entry).page)


def test_titles_and_addresses_are_each_one_pages() -> None:
    entries = (*navigation._WORK, *navigation._LEARN)
    assert len({entry.title for entry in entries}) == len(entries)
    assert len({entry.path for entry in entries}) == len(entries)
