from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from playground.locales.catalogue import TEMPLATE
from playground.locales.update import as_text, template

PACKAGE = Path(__file__).resolve().parents[2] / "playground"
NAMES = re.compile(r"\{(\w+)(?::[^{}]*)?\}")


def test_the_template_has_every_message() -> None:
    hint = "python -m playground.locales.update writes it"
    assert TEMPLATE.read_bytes() == as_text(template()), hint


def test_babel_finds_every_message() -> None:
    """It reads no call within an f-string, for example."""
    known = {text for message in template() for text in _texts(message)}
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                count = {"t": 1, "lazy": 1, "mark": 1, "plural": 2}.get(call.func.id, 0)
                for argument in call.args[:count]:
                    if isinstance(argument, ast.Constant):
                        assert argument.value in known, f"{path.name}:{call.lineno}"


def _texts(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def test_a_translation_has_no_placeholder_that_its_message_lacks() -> None:
    for path in sorted(TEMPLATE.parent.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                assert not _wrong(message), f"{path.name}: {message.id}"


def _wrong(message: Message) -> set[str]:
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    known = {name for text in ids for name in NAMES.findall(text)}
    return {name for text in strings for name in NAMES.findall(text)} - known
