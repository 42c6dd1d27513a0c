"""The live board: a run's charts and figures, updated in the browser without script runs.

Python says what is drawn (`figures/bindings.py`); `board.js` reads the run's events from
the stream of all boards (`stream/`) and applies them.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import NamedTuple

from playground.config import RunConfig
from playground.events import Status
from playground.figures import bindings
from playground.figures.board import Origin
from playground.figures.references import REFERENCES
from playground.locales import language, sentences, t
from playground.ui.common.mount import mount
from playground.ui.common.pictures import percent
from playground.ui.learn.prose import explained

_HTML = """
<section class="live-board" aria-label="{live_board}">
  <p class="lb-alert" role="alert" data-part="connection" hidden></p>
  <p class="lb-alert" role="alert" data-part="notice" hidden></p>
  <div class="lb-stage">
  <div class="lb-line">
  <p class="lb-status" data-testid="run-status"
    ><strong data-part="status"></strong><span data-part="reason"></span></p>
  <label class="lb-hear"><input type="checkbox" role="switch" data-part="hear"
    aria-describedby="lb-hear-says">{hear}</label>
  </div>
  <p class="lb-pace" id="lb-hear-says" data-part="hear-says" hidden>{hear_says}</p>
  <p class="lb-pace" data-part="pace"></p>
  <div class="lb-bars" data-part="bars">
    <progress data-part="epoch-bar" max="1" value="0" aria-label="{this_epoch}"></progress>
    <progress data-part="run-bar" max="1" value="0" aria-label="{whole_run}"></progress>
  </div>
  <div class="lb-numbers">
  <dl class="lb-results">
    <div><dt>{training_accuracy}</dt><dd><b data-part="accuracy">–</b
      ><small data-part="trained" hidden>{after_training}</small></dd></div>
    <div><dt>{validation_accuracy}</dt><dd><b data-part="val-accuracy">–</b
      ><small data-part="val-change" hidden></small></dd></div>
    <div data-part="result" hidden><dt>{test_accuracy}</dt><dd><b data-testid="test-accuracy"></b
      ><small data-part="test-change" hidden></small
      ><small data-part="sealed" hidden>{sealed}</small
      ><small data-part="test">{test_loss} <span data-testid="test-loss"></span></small></dd></div>
  </dl>{what}
  </div>
  <div class="lb-charts lb-curves">
    <figure data-chart="loss"
      ><div data-testid="chart-loss" role="group"></div>{what_loss}</figure>
    <figure data-chart="accuracy"><div data-testid="chart-accuracy" role="group"></div></figure>
  </div>
  </div>
  <div class="lb-charts lb-more">
    <figure data-chart="step-loss"
      ><div data-testid="chart-step-loss" role="group"></div>{what_step_loss}</figure>
    <figure data-chart="confusion"
      ><div data-testid="chart-confusion" role="group"></div>{what_confusion}
      <figcaption></figcaption
      ><button type="button" data-part="mistakes" hidden>{mistakes}</button></figure>
    <figure data-chart="test-confusion" data-part="test" hidden
      ><div data-testid="chart-test-confusion" role="group"></div></figure>
    <figure data-chart="references" data-part="references" hidden
      ><div data-testid="chart-references" role="group"></div><figcaption></figcaption></figure>
    <figure data-chart="pinned" data-part="pinned" hidden
      ><div data-testid="chart-pinned" role="group"></div><figcaption></figcaption></figure>
  </div>
</section>
"""


def _html() -> str:
    words = {
        "live_board": t("Live board"),
        "this_epoch": t("This epoch"),
        "whole_run": t("Whole run"),
        "after_training": t("after training"),
        "test_loss": t("test loss"),
        "sealed": t("in the envelope of its class"),
        "hear": t("Hear it learn"),
        "hear_says": t(
            "The loss is the pitch: it sinks while the network learns. An epoch is a tick, "
            "a passed threshold or the run's end a chord."
        ),
        "mistakes": t("Press a number to see its images, or here for the most common mistake"),
    }
    return _HTML.format_map({name: escape(text) for name, text in words.items()} | _terms())


def _terms() -> dict[str, str]:
    """The board's words that say what they mean, as HTML, and a mark for each chart's.

    For the Tab key all of them are one stop, a mark that has every term: the charts come soon.
    """
    accuracies = {
        "training_accuracy": (t("Training accuracy"), "training set"),
        "validation_accuracy": (t("Validation accuracy"), "validation set"),
        "test_accuracy": (t("Test accuracy"), "test set"),
    }
    marks: dict[str, tuple[str, ...]] = {
        "what_loss": ("loss", "epoch"),
        "what_step_loss": ("loss", "mini-batch"),
        "what_confusion": ("confusion matrix",),
    }
    every = (*(name for _, name in accuracies.values()), "accuracy", "loss", "epoch")
    marks["what"] = (*every, "mini-batch", "confusion matrix")
    words = {
        key: explained(shown, name, "accuracy", stop=False)
        for key, (shown, name) in accuracies.items()
    }
    for key, names in marks.items():
        label = t("Terms: {list}", list=" · ".join(t(name) for name in names))
        words[key] = explained("?", *names, label=label, stop=key == "what")
    return words


def _published() -> str:
    """The published results and their sources."""
    listed = []
    for each in REFERENCES:
        listed.append(f"{t(each.name)} {percent(each.accuracy, 1)} ({t(each.source)})")
    return t("Published test accuracies: {list}.", list="; ".join(listed))


# Axes without a curve: from the corner up and to the right.
_AXES = (
    '<svg viewBox="0 0 100 60" preserveAspectRatio="none" aria-hidden="true">'
    '<path d="M4 2v52h94" vector-effect="non-scaling-stroke"/>'
    '<path class="lb-hint" d="{curve}" vector-effect="non-scaling-stroke"/></svg>'
)
_FALLS = "M6 8C16 40 40 46 96 48"
_RISES = "M6 48C16 16 40 10 96 8"


def prepare_board(key: str, next_run: str = "") -> None:
    """Show where the curves of the next run will stand, and load what its board needs.

    Args:
        key: that of the board that takes its place, as another state of the same component.
        next_run: as of `live_board`.
    """
    coming = (
        (t("Loss"), t("How wrong the network is: it should fall."), _FALLS),
        (t("Accuracy"), t("The share of images called right: it should rise."), _RISES),
    )
    figures = "".join(
        f"<figure><figcaption><strong>{escape(name)}</strong> {escape(says)}</figcaption>"
        f"{_AXES.format(curve=curve)}</figure>"
        for name, says, curve in coming
    )
    empty = escape(t("Here the curves of the next run are drawn while it trains."))
    mount(
        "board_ready",
        f'<section class="live-board lb-coming" data-testid="board-coming" aria-label="{empty}">'
        f'<div class="lb-stage"><div class="lb-charts lb-curves">{figures}</div></div></section>',
        "board/board.css",
        "board/board.js",
        key=key,
        data={"nextRun": next_run},
        on_status_change=lambda: None,
        on_cell_change=lambda: None,
    )


class Before(NamedTuple):
    """What another run has reached, as shares of images, 0 to 1; None where they are others."""

    val_accuracy: float | None
    test_accuracy: float | None


def live_board(
    run_id: str,
    config: RunConfig,
    *,
    status: Status,
    pinned: bool = False,
    key: str,
    references: bool = False,
    origin: Origin | None = None,
    before: Before | None = None,
    sealed: bool = False,
    started: bool = False,
    next_run: str = "",
    on_status_change: Callable[[], None] | None = None,
    on_cell_change: Callable[[], None] | None = None,
) -> None:
    """Show a run, live; the browser reads everything else from the run's events.

    Args:
        run_id: the run; another one under the same key starts a new board.
        config: its configuration, which decides what the charts look like.
        status: its status as the script knows it. The script runs again once whenever the
            events say another one.
        pinned: whether a drawing was pinned to it.
        key: Streamlit's key of the component.
        references: whether there is a chart of published results, too.
        origin: where the run goes on from another one; None from the beginning.
        before: the run to which its results are compared; None if there is none.
        sealed: whether it has no test result, as its class chooses settings without one.
        started: whether it was started here: where the board is out of sight, the page goes there.
        next_run: the id of the run that a press of Train begins: the browser asks for its events
            at the press, before its board is there. Empty where nobody knows it.
        on_status_change: called before such a run of the script.
        on_cell_change: called before the script run that a press on the confusion matrix of the
            validation images causes.

    A press sets the component's `cell`, [true label, predicted label]; where the events say another
    status, its `status` is the new word.
    """
    mount(
        "live_board",
        _html(),
        "board/board.css",
        "board/board.js",
        key=key,
        data={
            "runId": run_id,
            "status": status.value,
            "sentences": sentences(language()),
            "statuses": {each.value: t(each.value) for each in Status},
            "ended": [each.value for each in Status if each.ended],
            "epochs": config.epochs,
            "references": references,
            "published": _published(),
            "before": before and before._asdict(),
            "sealed": sealed,
            "started": started,
            "nextRun": next_run,
            **bindings.board(config, pinned, origin),
        },
        on_status_change=on_status_change or (lambda: None),
        on_cell_change=on_cell_change or (lambda: None),
    )
