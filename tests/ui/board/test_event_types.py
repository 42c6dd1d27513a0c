from __future__ import annotations

from tests.ui.event_types import FILE, declarations


def test_the_javascript_has_the_types_of_the_events() -> None:
    hint = "python -m tests.ui.event_types writes it"
    assert FILE.read_text("utf-8") == declarations(), hint
