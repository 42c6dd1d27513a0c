"""What is in a lab report: words that can be shown as they are, and numbers to be drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Curves:
    """A chart of lines over epochs.

    Attributes:
        title: what the values are.
        epochs: where the chart ends.
        low, high: where the vertical axis begins and ends, unless a value lies outside.
        lines: of each its name and its points, (epoch, value); values that are no numbers are left
            out.
    """

    title: str
    epochs: int
    low: float
    high: float
    lines: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]


@dataclass(frozen=True)
class Prediction:
    """What was predicted, and what came of it.

    Attributes:
        question: that was asked.
        options: to choose from; empty if it was no choice.
        chosen, right: indices of options; None if there is none, or it may not be known yet.
        said: sentences on what was predicted, and how near it came.
        curves: the drawn curve, and the real one if there is one.
    """

    question: str
    options: tuple[str, ...] = ()
    chosen: int | None = None
    right: int | None = None
    said: tuple[str, ...] = ()
    curves: Curves | None = None


@dataclass(frozen=True)
class Table:
    """Cells as text; `marked` is the index of a row that stands out, None for none."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: int | None = None


@dataclass(frozen=True)
class Chapter:
    """One activity.

    Attributes:
        title: of the activity.
        text: its paragraphs.
        prediction: None where none was asked for.
        goal: the goal and whether it was reached, in sentences.
        cell: which cells of a jigsaw were dealt, in sentences.
        runs: what was trained; None for nothing.
        curves: the validation accuracies of the runs.
        compared: for each two settings that were compared, sentences.
        question: that was to be answered in own words.
        words: the own words; each line is a paragraph.
        envelope: what the test images said, or that this is sealed, in sentences.
        script: that repeats the best run; empty for none.
    """

    title: str
    text: tuple[str, ...] = ()
    prediction: Prediction | None = None
    goal: tuple[str, ...] = ()
    cell: tuple[str, ...] = ()
    runs: Table | None = None
    curves: Curves | None = None
    compared: tuple[tuple[str, ...], ...] = ()
    question: str = ""
    words: str = ""
    envelope: tuple[str, ...] = ()
    script: str = ""


@dataclass(frozen=True)
class Report:
    """A lab report.

    Attributes:
        language: of its words, as in a `lang` attribute.
        name: of the student.
        class_name: may be empty.
        date: when it was written.
        said: sentences on the whole lesson.
        chapters: in the order of the lesson.
    """

    language: str
    name: str
    class_name: str
    date: str
    said: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True)
class Look:
    """What a report looks like.

    Attributes:
        variables: a style sheet with the colours, sizes and spaces that the page takes: `--pg-…`.
        colours: of the lines of a chart, one after the other.
    """

    variables: str
    colours: tuple[str, ...]
