"""The board that compares runs: curves that grow with the events, and the settings that differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from playground.config import RunConfig
from playground.events import Status
from playground.experiments.differences import differences, judged_on_the_same_images
from playground.figures.compare import curves_figure, run_style
from playground.locales import plural, t
from playground.store.runs import RunInfo
from playground.ui.common.labels import setting_name, setting_value
from playground.ui.common.mount import mount
from playground.ui.runs.view import AXES, Axis, Curves

_HTML = """
<section class="compare" data-testid="compare-board">
  <p data-part="sentence"></p>
  <div class="compare-scroll"><table data-testid="compare-differences"></table></div>
  <p class="compare-alert" role="status" data-part="connection" hidden></p>
  <div class="compare-charts">
    <div><div data-testid="compare-loss" role="group"></div></div>
    <div><div data-testid="compare-accuracy" role="group"></div></div>
  </div>
</section>
"""


def compare_board(
    runs: Sequence[RunInfo],
    names: Sequence[str],
    origins: Sequence[str],
    axis: Axis,
    curves: Curves,
    *,
    key: str,
    on_ended_change: Callable[[], None],
) -> None:
    """Show runs side by side, live; the browser reads their numbers from their events.

    Args:
        runs: two to eight.
        names: one for each.
        origins: what each begins with; in words.
        axis: what the curves are aligned by.
        curves: which ones are shown.
        key: Streamlit's key of the component.
        on_ended_change: called before the one script run when a run ends that trains now.
    """
    configs = [run.config for run in runs]
    rows = [
        {
            "column": one.setting,
            "label": setting_name(one.setting),
            "values": [setting_value(one.setting, value) for value in one.values],
        }
        for one in differences(configs)
    ]
    same_start = len({(run.parent, run.parent_epoch) for run in runs}) == 1
    if not same_start:
        rows.append({"column": "start", "label": t("Begins with"), "values": list(origins)})
    figures = {
        "loss": curves_figure(t("Loss"), t(AXES[axis]), names),
        "accuracy": curves_figure(t("Accuracy"), t(AXES[axis]), names, accuracy=True),
    }
    mount(
        "compare_board",
        _HTML,
        "compare/board.css",
        "compare/board.js",
        key=key,
        data={
            "runs": [
                {
                    "runId": run.id,
                    "given": name,
                    "status": run.status.value,
                    "line": run_style(index),
                    "steps": run.config.steps_per_epoch,
                    "images": run.config.fit_images,
                }
                for index, (run, name) in enumerate(zip(runs, names, strict=True))
            ],
            "axis": axis,
            "curves": curves,
            "figures": {name: json.loads(figure.to_json()) for name, figure in figures.items()},
            "differences": rows,
            "sentence": explain(configs, same_start=same_start),
            "statuses": {status.value: t(status.value) for status in Status},
            "ended": [status.value for status in Status if status.ended],
        },
        on_ended_change=on_ended_change,
    )


def explain(configs: Sequence[RunConfig], *, same_start: bool = True) -> str:
    """What the differences between runs can explain, and whether they can be compared.

    Args:
        configs: of the runs.
        same_start: whether all begin with new weights, or go on from the same run and epoch.
    """
    settings = [one.setting for one in differences(configs)]
    count = len(settings) + (not same_start)
    if not settings and not same_start:
        said = t(
            "Only what they begin with differs: a run that goes on from another one has what that "
            "one had learned."
        )
    elif not settings:
        said = t(
            "These runs have the same settings, and so the same numbers, unless the learning rate "
            "of one was changed while it trained."
        )
    elif settings == ["seed"] and same_start:
        said = t("Only the seed differs: how far these runs lie apart is chance.")
    elif count == 1:
        said = t(
            "Only one thing differs: {setting}. Other seeds would tell whether its effect is more "
            "than chance.",
            setting=setting_name(settings[0]),
        )
    elif count == 2:
        said = t("Two things differ, so neither alone explains the result.")
    else:
        said = plural(
            "{count} thing differs.",
            "{count} things differ, so none of them alone explains the result.",
            count,
        )
    if judged_on_the_same_images(configs):
        return said
    return f"{said} " + t(
        "These runs are judged on different images: their training images, their validation shares "
        "or the seeds that draw the validation images differ. Compare their validation accuracies "
        "with care."
    )
