"""Import of drawings into the sketchbook from a file, and export into one."""

from __future__ import annotations

import threading
from collections.abc import Callable

import streamlit as st

from playground.drawing.preprocessing import to_item
from playground.drawing.quickdraw import read_ndjson, render, to_ndjson
from playground.drawing.sketches import NewSketch, label_of
from playground.locales import t
from playground.runs.hub import Hub
from playground.settings import settings
from playground.store.runs import StoreError
from playground.ui import state
from playground.ui.common.labels import plain

_PROBLEMS_SHOWN = 20
# Half as large as the sketchpad's paper, with half its pen: a network gets 28 × 28 pixels, and
# closing outlines takes a quarter of the time.
_PAPER, _PEN = 140, 5
# Guards the processor: one file is read at a time, for all users.
_reading = threading.Lock()


def sketch_files(hub: Hub, owner: str, some: bool) -> None:
    """Show a button for export, if there are some drawings, and a form for import."""
    st.header(t("Import and export"), anchor=False)
    st.caption(
        t(
            "The format is *Quick, Draw!* simplified ndjson: one drawing in each line, with its "
            "word, its strokes and its side: whether it is to train on or to test on. Photos and "
            "fills have no strokes, so they are not in the file."
        )
    )
    if some:
        st.download_button(
            t("Export (ndjson)"),
            lambda: to_ndjson(hub.sketchbook.drawings()),
            "sketchbook.ndjson",
            "application/x-ndjson",
            on_click="ignore",
            icon=":material/download:",
            help=t("A file for this page and for programs that know Quick, Draw!"),
        )
    limits = settings()
    most = limits.max_import_bytes
    with st.form("import", clear_on_submit=True, border=False):
        file = st.file_uploader(
            t("Drawings to import"),
            ["ndjson", "jsonl"],
            key="import_file",
            max_upload_size=-(-most // 2**20),
            help=t(
                "At most {megabytes:.3g} MB and {drawings:,} drawings. Lines that cannot be used "
                "are named and left out.",
                megabytes=most / 2**20,
                drawings=limits.max_sketches_per_owner,
            ),
        )
        adds = t("Adds the drawings to the sketchbook.")
        pressed = st.form_submit_button(t("Import"), icon=":material/upload:", help=adds)
    if pressed and file is not None:
        st.session_state[state.IMPORTED] = _import(hub, owner, file.getvalue())
        st.rerun()  # above are still the drawings from before
    elif pressed:
        st.warning(t("Choose a file first."))
    for kind, sentence in st.session_state.pop(state.IMPORTED, ()):
        {"good": st.success, "bad": st.error, "note": st.warning}[kind](sentence)


def _import(hub: Hub, owner: str, contents: bytes) -> list[tuple[str, str]]:
    """Add a file's drawings; returns how that went: "good", "bad" or "note", and a sentence."""
    most = settings().max_import_bytes
    if len(contents) > most:
        too_large = t(
            "This file is larger than {megabytes:.3g} MB. Split it into smaller ones.",
            megabytes=most / 2**20,
        )
        return [("bad", too_large)]
    if not _reading.acquire(blocking=False):
        return [("bad", t("Another file is being imported now. Try again in a moment."))]
    try:
        sketches, problems = _read_with_progress(contents.decode("utf-8", "replace"))
    finally:
        _reading.release()
    try:
        new = hub.sketchbook.add(owner, sketches, imported=True)
    except (StoreError, ValueError) as problem:
        return [("bad", str(problem))]
    report = [("good", _count(new, len(sketches)))]
    if problems:
        shown = [f"- {plain(problem)}" for problem in problems[:_PROBLEMS_SHOWN]]
        if more := len(problems[_PROBLEMS_SHOWN:]):
            shown.append("- " + t("and {more:,} more.", more=more))
        report.append(("note", t("Some lines are left out:") + "\n\n" + "\n".join(shown)))
    return report


def _count(new: int, drawings: int) -> str:
    if new == drawings:
        return t("New in the sketchbook: {new:,} of {drawings:,} drawings.", new=new, drawings=new)
    return t(
        "New in the sketchbook: {new:,} of {drawings:,} drawings; already there: {known:,}.",
        new=new,
        drawings=drawings,
        known=drawings - new,
    )


def _read_with_progress(text: str) -> tuple[list[NewSketch], list[str]]:
    """As `read_sketches`; a user who opens another page stops it, and nothing is added."""
    bar = st.progress(0.0, t("Reading the drawings…"))
    shown = 0.0

    def tell(share: float, count: int) -> None:
        nonlocal shown
        if share - shown >= 0.05:
            shown = share
            bar.progress(share, t("Reading the drawings… {count:,}", count=count))

    found = read_sketches(text, tell)
    bar.empty()
    return found


def read_sketches(
    text: str, tell: Callable[[float, int], None] = lambda share, count: None
) -> tuple[list[NewSketch], list[str]]:
    """The labelled drawings of an ndjson file, as items.

    Args:
        text: one drawing a line; see `playground.drawing.quickdraw`.
        tell: is called again and again with the share that is done, 0 to 1, and the number of
            drawings so far.

    Returns:
        The drawings, and a sentence for each line that is left out. Both are at most as many as
        the drawings that one owner may keep; then a last sentence says so.
    """
    sketches: list[NewSketch] = []
    problems: list[str] = []
    lines = text.splitlines()
    most = settings().max_sketches_per_owner
    for number, line in enumerate(lines, 1):
        drawings, broken = read_ndjson([line], number)
        problems += broken
        for drawing in drawings:
            label = label_of(drawing.word)
            if label is None:
                problems.append(
                    t(
                        "Line {number} is left out: “{word}” is not a label here.",
                        number=number,
                        word=drawing.word,
                    )
                )
            elif len(sketches) == most:
                problems.append(
                    t(
                        "Line {number} and all lines after it are left out: these are too many "
                        "drawings.",
                        number=number,
                    )
                )
                return sketches, problems
            else:
                item = to_item(render(drawing.strokes, _PAPER, _PEN))
                sketches.append(NewSketch(label, item, drawing.strokes, drawing.side))
        if len(problems) == most:
            problems.append(
                t(
                    "All lines after line {number} are left out: too many cannot be used.",
                    number=number,
                )
            )
            break
        tell(number / len(lines), len(sketches))
    return sketches, problems
