"""Drawings into the sketchbook from a file, and out into one."""

from __future__ import annotations

import streamlit as st

from playground.preprocessing import to_item
from playground.quickdraw import Drawing, read_ndjson, render, to_ndjson
from playground.runs.hub import Hub
from playground.runs.sketchbook import NewSketch, Sketch, label_of, word_of
from playground.runs.store import StoreError
from playground.ui import state
from playground.ui.labels import plain

MAX_FILE_MB = 5
MAX_DRAWINGS = 1000
_PROBLEMS_SHOWN = 20


def sketch_files(hub: Hub, owner: str, sketches: list[Sketch]) -> None:
    """Show a button for export, and a form for import."""
    st.subheader("Import and export", anchor=False)
    st.caption(
        "As *Quick, Draw!* simplified ndjson: one drawing a line, with its word and its strokes. "
        "Photos and fills have no strokes, so they do not go into the file."
    )
    drawings = [
        Drawing(word_of(sketch.label), sketch.strokes) for sketch in sketches if sketch.strokes
    ]
    if drawings:
        st.download_button(
            f"Export (ndjson), {len(drawings):,} in all",
            to_ndjson(drawings),
            "sketchbook.ndjson",
            "application/x-ndjson",
            on_click="ignore",
            icon=":material/download:",
            help="A file that this page, and programs that know Quick, Draw!, can read.",
        )
    with st.form("import", clear_on_submit=True, border=False):
        file = st.file_uploader(
            "Drawings to import",
            ["ndjson", "jsonl"],
            max_upload_size=MAX_FILE_MB,
            help=f"At most {MAX_FILE_MB} MB and {MAX_DRAWINGS:,} drawings. Lines that cannot be "
            "used are named and left out.",
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


def _import(hub: Hub, owner: str, contents: bytes) -> list[tuple[str, str]]:
    """Keep what a file holds; says how that went: "good", "bad" or "note", and words."""
    if len(contents) > MAX_FILE_MB * 1_000_000:
        return [("bad", f"This file is larger than {MAX_FILE_MB} MB. Cut it into smaller ones.")]
    with st.spinner("Reading the drawings…"):
        sketches, problems = read_sketches(contents.decode("utf-8", "replace"))
    try:
        new = hub.sketchbook.keep(owner, sketches)
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


def read_sketches(text: str) -> tuple[list[NewSketch], list[str]]:
    """The labelled drawings of an ndjson file, as items.

    Args:
        text: one drawing a line; see `playground.quickdraw`.

    Returns:
        The drawings, at most `MAX_DRAWINGS`, and a sentence for each line that is left out.
    """
    sketches: list[NewSketch] = []
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        drawings, broken = read_ndjson([line])
        problems += [sentence.replace("Line 1 ", f"Line {number} ", 1) for sentence in broken]
        for drawing in drawings:
            label = label_of(drawing.word)
            if label is None:
                problems.append(f"Line {number} is left out: “{drawing.word}” is no label here.")
            elif len(sketches) == MAX_DRAWINGS:
                problems.append(f"Line {number} and what follows is left out: it is too much.")
                return sketches, problems
            else:
                item = to_item(render(drawing.strokes))
                sketches.append(NewSketch(label, item, drawing.strokes))
    return sketches, problems
