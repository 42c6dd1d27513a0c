"""What a person can see of a page, and which of it is plain English in the language of tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any, get_args

import pandas as pd
from google.protobuf.descriptor import FieldDescriptor  # type: ignore[import-untyped]
from google.protobuf.message import Message  # type: ignore[import-untyped]
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from playground.config import Activation, Loss, Optimizer

# Fields of Streamlit's messages that nobody reads.
_UNSEEN = {
    *("id", "key", "icon", "favicon", "format", "form_id", "fragment_id", "url", "link", "theme"),
    *("element_id", "query_param_key", "page_script_hash", "url_pathname", "type", "config"),
    *("js_content", "css_content", "js_source_path", "css_source_path", "component_name"),
    *("raw_value", "raw_values", "default", "styles", "uuid", "gap", "language", "color", "page"),
    *("column_order", "selection_default", "selection_state", "source_id", "deferred_file_id"),
    *("get_help_url", "report_a_bug_url", "query_string", "file_type", "content_icon", "accept"),
    *("markup", "string_value", "shortcut", "metadata", "hash", "autocomplete"),
}
# Keys of Plotly's figures whose values are texts; of all else (colours, modes …) none is.
_FIGURE = {
    *("text", "name", "hovertext", "hovertemplate", "texttemplate", "ticktext", "title"),
    *("x", "y", "customdata", "labels", "categoryarray", "label", "suffix", "prefix"),
    *("ticksuffix", "tickprefix"),
}
# Of what Python hands to our components: names that the JavaScript knows, and what is no text.
_DATA = {
    *("runId", "nextRun", "status", "ended", "bindings", "reference", "colours"),
    *("guide", "strokes", "png", "column", "sort", "sentences", "query", "pinned", "page"),
    *("curve", "metric", "draft", "view", "token", "charts", "axis", "curves", "line", "state"),
    "names",
}
_ATTRIBUTES = {"alt", "title", "aria-label", "aria-description", "placeholder"}
# No words of ours: code, formulas, markup, addresses, icons, d3's formats in a figure.
_NO_WORDS = re.compile(
    r"\$\$.*?\$\$|\$[^$\n]+\$|`[^`]*`|<[^<>]+>|&\w+;|\]\([^)\s]*\)|:\w+/\w+:|https?://\S+|%\{[^}]*\}",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_WORD = re.compile(r"[^\W\d_]+(?:_[^\W\d_]+)*")
# Each has a letter that the language of tests changes; one that has none is let through.
_CHANGED = re.compile(r"[aceinouyz]", re.IGNORECASE)

_NAMES = {name for kind in (Activation, Optimizer, Loss) for name in get_args(kind)} - {"linear"}
_NAMES |= {
    *("English", "en", "XA"),  # a language is offered in its own words
    *("Dense", "Flatten", "Dropout", "Input", "Rescaling", "softmax", "None"),  # Keras' layers
    *("Jan", "Apr", "May", "Jun", "Aug", "Sep", "Oct", "Nov", "Dec", "UTC"),  # in dates
}
# Alone they are code; in a sentence they are words.
_ALONE = {"linear", "accuracy", "val_accuracy", "reference"}


def plain_english(text: str, others: Iterable[str] = ()) -> list[str]:
    """The words of ours in a text that the language of tests has not changed.

    Args:
        text: as it is shown.
        others: what is not ours, but a user's or a random name.
    """
    if text in _ALONE:
        return []
    text = _ESCAPED.sub(r"\1", text)
    for other in others:
        text = text.replace(other, " ")
    return [
        word
        for word in _WORD.findall(_NO_WORDS.sub(" ", text))
        if len(word) > 1
        and word.isascii()
        and _CHANGED.search(word)
        and word not in _NAMES
        and "_" not in word
    ]


def visible(message: Message) -> Iterator[str]:
    """The texts of one of Streamlit's messages to the browser."""
    for field, value in message.ListFields():
        if field.name in _UNSEEN:
            continue
        values = value if field.is_repeated else [value]
        if field.message_type and field.message_type.GetOptions().map_entry:
            values = list(value.values())
            if not all(isinstance(each, Message) for each in values):
                continue
        for each in values:
            yield from _of_field(message, field, each)


def _of_field(message: Message, field: FieldDescriptor, value: Any) -> Iterator[str]:
    kind = message.DESCRIPTOR.name
    if isinstance(value, Message):
        yield from visible(value)
    elif isinstance(value, bytes):
        if field.name == "data":
            yield from _of_table(convert_arrow_bytes_to_pandas_df(value))
    elif not isinstance(value, str):
        return
    elif field.name in ("json", "columns"):
        yield from _of_data(json.loads(value or "{}"))
    elif field.name == "spec":
        yield from _of_figure(json.loads(value))
    elif field.name == "code_text":
        yield from re.findall(r"#(.*)", value)
    elif kind == "Html" or field.name == "html_content" or "<img" in value or "<table" in value:
        yield from _of_html(value)
    else:
        yield value


def _of_table(table: pd.DataFrame) -> Iterator[str]:
    yield from (str(name) for name in (*table.columns, *table.index) if isinstance(name, str))
    for column in table.columns:
        yield from (cell for cell in table[column] if isinstance(cell, str))


def _of_data(value: Any) -> Iterator[str]:
    """Of what a component is given: all texts, and of a figure its texts."""
    if isinstance(value, str):
        yield "" if value.startswith("data:") else value
    elif isinstance(value, list):
        for each in value:
            yield from _of_data(each)
    elif isinstance(value, dict):
        if "layout" in value:
            yield from _of_figure(value)
            return
        for key, each in value.items():
            if key not in _DATA:
                yield from _of_data(each)


def _of_figure(value: Any, seen: bool = False) -> Iterator[str]:
    if isinstance(value, str):
        if seen:
            yield value
    elif isinstance(value, list):
        for each in value:
            yield from _of_figure(each, seen)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _of_figure(each, key in _FIGURE)


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Texts that stand in attributes."""
        self.found += [text for name, text in attrs if name in _ATTRIBUTES and text]
        self._unseen += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        """Where a style sheet ends."""
        self._unseen -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        """Texts between the tags."""
        if not self._unseen:
            self.found.append(data)


def _of_html(text: str) -> Iterator[str]:
    parser = _Texts()
    parser.feed(text)
    yield from parser.found
