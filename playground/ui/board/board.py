"""The live board: a run's charts and figures, updated in the browser without script runs.

Python says what is drawn (`figures/bindings.py`); `board.js` reads the run's events from
the stream of all boards (`stream/`) and applies them.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from playground.config import RunConfig
from playground.events import Status
from playground.figures import bindings
from playground.figures.board import Origin
from playground.figures.references import REFERENCE
from playground.locales import language, sentences, t
from playground.ui.common.mount import mount

_HTML = """
<section class="live-board" aria-label="{live_board}">
  <p class="lb-alert" role="alert" data-part="connection" hidden></p>
  <p class="lb-alert" role="alert" data-part="notice" hidden></p>
  <p class="lb-status" data-testid="run-status" role="status" aria-live="polite"
    ><strong data-part="status"></strong><span data-part="reason"></span></p>
  <p class="lb-pace" data-part="pace"></p>
  <div class="lb-bars" data-part="bars">
    <label>{this_epoch} <progress data-part="epoch-bar" max="1" value="0"></progress></label>
    <label>{whole_run} <progress data-part="run-bar" max="1" value="0"></progress></label>
  </div>
  <dl class="lb-results">
    <div><dt>{last_accuracy}</dt><dd data-part="accuracy">–</dd></div>
    <div><dt>{validation_accuracy}</dt><dd data-part="val-accuracy">–</dd></div>
    <div data-part="trained" hidden
      ><dt>{final_accuracy}</dt><dd data-part="train-accuracy"></dd></div>
    <div data-part="test" hidden><dt>{test_accuracy}</dt><dd data-testid="test-accuracy"></dd></div>
    <div data-part="test" hidden><dt>{test_loss}</dt><dd data-testid="test-loss"></dd></div>
  </dl>
  <div class="lb-charts">
    <figure data-chart="loss"
      ><div data-testid="chart-loss" role="img"></div><figcaption></figcaption></figure>
    <figure data-chart="accuracy"
      ><div data-testid="chart-accuracy" role="img"></div><figcaption></figcaption></figure>
    <figure data-chart="step-loss"
      ><div data-testid="chart-step-loss" role="img"></div><figcaption></figcaption></figure>
    <figure data-chart="confusion"
      ><div data-testid="chart-confusion" role="img"></div><figcaption></figcaption></figure>
    <figure data-chart="test-confusion" data-part="test" hidden
      ><div data-testid="chart-test-confusion" role="img"></div><figcaption></figcaption></figure>
    <figure data-chart="pinned" data-part="pinned" hidden
      ><div data-testid="chart-pinned" role="img"></div><figcaption></figcaption></figure>
  </div>
</section>
"""


def _html() -> str:
    words = {
        "live_board": t("Live board"),
        "this_epoch": t("This epoch"),
        "whole_run": t("Whole run"),
        "last_accuracy": t("Training accuracy, last epoch"),
        "validation_accuracy": t("Validation accuracy"),
        "final_accuracy": t("Training accuracy, after training"),
        "test_accuracy": t("Test accuracy"),
        "test_loss": t("Test loss"),
    }
    return _HTML.format_map({name: escape(text) for name, text in words.items()})


def prepare_board() -> None:
    """Load what a board needs; for pages on which one is likely to come. It shows nothing."""
    mount(
        "board_ready",
        "<span hidden></span>",
        "common/arrival.css",
        "board/ready.js",
        key="board_ready",
    )


def live_board(
    run_id: str,
    config: RunConfig,
    *,
    status: Status,
    pinned: bool = False,
    key: str,
    references: bool = False,
    origin: Origin | None = None,
    on_status_change: Callable[[], None] | None = None,
) -> Any:
    """Show a run, live; the browser reads everything else from the run's events.

    Args:
        run_id: the run; another one under the same key starts a new board.
        config: its configuration, which decides what the charts look like.
        status: its status as the script knows it. The script runs again once whenever the
            events say another one.
        pinned: whether a drawing was pinned to it.
        key: Streamlit's key of the component.
        references: whether the accuracy chart shows published results, too.
        origin: where the run goes on from another one; None from the beginning.
        on_status_change: called before such a run of the script.

    Returns:
        The component's result; its `status` is the new status word in such a run, else None.
    """
    return mount(
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
            "reference": REFERENCE,
            **bindings.board(config, pinned, origin),
        },
        on_status_change=on_status_change or (lambda: None),
    )
