"""Drawings into the sketchbook from a file, and out into one."""

from __future__ import annotations

import threading
from collections.abc import Callable

import streamlit as st

from playground.drawing.preprocessing import to_item
from playground.drawing.quickdraw import read_ndjson, render, to_ndjson
from playground.drawing.sketches import NewSketch, label_of
from playground.runs.hub import Hub
from playground.settings import settings
from playground.store.runs import StoreError
from playground.ui import state
from playground.ui.common.labels import plain

_PROBLEMS_SHOWN = 20
# Half as large as the sketchpad's paper, with half its pen: a network gets 28 pixels, and closing
# outlines takes a quarter of the time.
_PAPER, _PEN = 140, 5
# Guards the processor: one file is read at a time, whoever imports it.
_reading = threading.Lock()


def sketch_files(hub: Hub, owner: str, some: bool) -> None:
    """Show a button for export, if there are some drawings, and a form for import."""
    st.subheader("Import and export", anchor=False)
    st.caption(
        "As *Quick, Draw!* simplified ndjson: one drawing a line, with its word and its strokes, "
        "and with its side: whether it is to train or to test on. "
        "Photos and fills have no strokes, so they do not go into the file."
    )
    if some:
        st.download_button(
            "Export (ndjson)",
            lambda: to_ndjson(hub.sketchbook.drawings()),
            "sketchbook.ndjson",
            "application/x-ndjson",
            on_click="ignore",
            icon=":material/download:",
            help="A file that this page, and programs that know Quick, Draw!, can read.",
        )
    limits = settings()
    most = limits.max_import_bytes
    with st.form("import", clear_on_submit=True, border=False):
        file = st.file_uploader(
            "Drawings to import",
            ["ndjson", "jsonl"],
            max_upload_size=-(-most // 2**20),
            help=f"At most {_megabytes(most)} and {limits.max_sketches_per_owner:,} drawings. "
            "Lines that cannot be used are named and left out.",
        )
        pressed = st.form_submit_button(
            "Import", icon=":material/upload:", help="Adds the drawings to the sketchbook."
        )
    if pressed and file is not None:
        st.session_state[state.IMPORTED] = _import(hub, owner, file.getvalue())
        st.rerun()  # the drawings above are those from before
    elif pressed:
        st.warning("Choose a file first.")
    for kind, words in st.session_state.pop(state.IMPORTED, ()):
        {"good": st.success, "bad": st.error, "note": st.warning}[kind](words)


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.3g} MB"


def _import(hub: Hub, owner: str, contents: bytes) -> list[tuple[str, str]]:
    """Keep what a file holds; says how that went: "good", "bad" or "note", and words."""
    most = settings().max_import_bytes
    if len(contents) > most:
        return [("bad", f"This file is larger than {_megabytes(most)}. Cut it into smaller ones.")]
    if not _reading.acquire(blocking=False):
        return [("bad", "Another file is being imported just now. Try again in a moment.")]
    try:
        sketches, problems = _read_with_progress(contents.decode("utf-8", "replace"))
    finally:
        _reading.release()
    try:
        new = hub.sketchbook.keep(owner, sketches, imported=True)
    except (StoreError, ValueError) as problem:
        return [("bad", str(problem))]
    known = len(sketches) - new
    there = f"; {known:,} were there already." if known else "."
    said = [("good", f"New in the sketchbook: {new:,} of {len(sketches):,} drawings{there}")]
    if problems:
        shown = [f"- {plain(problem)}" for problem in problems[:_PROBLEMS_SHOWN]]
        if len(problems) > _PROBLEMS_SHOWN:
            shown.append(f"- and {len(problems) - _PROBLEMS_SHOWN:,} more.")
        said.append(("note", "Some lines are left out:\n\n" + "\n".join(shown)))
    return said


def _read_with_progress(text: str) -> tuple[list[NewSketch], list[str]]:
    """As `read_sketches`; who goes to another page meanwhile stops it, and nothing is kept."""
    bar = st.progress(0.0, "Reading the drawings…")
    shown = 0.0

    def tell(share: float, count: int) -> None:
        nonlocal shown
        if share - shown >= 0.05:
            shown = share
            bar.progress(share, f"Reading the drawings… {count:,}")

    found = read_sketches(text, tell)
    bar.empty()
    return found


def read_sketches(
    text: str, tell: Callable[[float, int], None] = lambda share, count: None
) -> tuple[list[NewSketch], list[str]]:
    """The labelled drawings of an ndjson file, as items.

    Args:
        text: one drawing a line; see `playground.drawing.quickdraw`.
        tell: is told again and again how much is done, 0 to 1, and how many drawings there are.

    Returns:
        The drawings, and a sentence for each line that is left out; of both at most as many as
        one owner may keep drawings, and a sentence that says so.
    """
    sketches: list[NewSketch] = []
    problems: list[str] = []
    lines = text.splitlines()
    most = settings().max_sketches_per_owner
    for number, line in enumerate(lines, 1):
        drawings, broken = read_ndjson([line])
        problems += [sentence.replace("Line 1 ", f"Line {number} ", 1) for sentence in broken]
        for drawing in drawings:
            label = label_of(drawing.word)
            if label is None:
                problems.append(f"Line {number} is left out: “{drawing.word}” is no label here.")
            elif len(sketches) == most:
                problems.append(f"Line {number} and what follows is left out: it is too much.")
                return sketches, problems
            else:
                item = to_item(render(drawing.strokes, _PAPER, _PEN))
                sketches.append(NewSketch(label, item, drawing.strokes, drawing.side))
        if len(problems) == most:
            problems.append(f"What follows line {number} is left out: too much cannot be used.")
            break
        tell(number / len(lines), len(sketches))
    return sketches, problems
