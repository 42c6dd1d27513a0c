"""The charts of a class, made from what an audience may see and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import plotly.graph_objects as go
from numpy.typing import ArrayLike

from playground.classroom.activities import Activity, Choice, Curve, Number
from playground.classroom.views.shapes import (
    AnswerView,
    JudgedView,
    MemberRunView,
    ScreenOpening,
    ScreenView,
    TeacherOpening,
    TeacherView,
)
from playground.config import RunConfig
from playground.events import EpochEnd
from playground.experiments.differences import differences
from playground.figures.classroom import curves as curve_figures
from playground.figures.classroom.answers import choices_figure, numbers_figure, pairs_figure
from playground.figures.classroom.runs import Point, mean_confusion_figure, points_figure
from playground.figures.style import TEXT, TRANSPARENT
from playground.locales import language, plural, t
from playground.ui.classroom.curve.curve import TITLES
from playground.ui.classroom.names import spoken
from playground.ui.common.labels import setting_name, setting_value

Json = dict[str, object]
_Opening = TeacherOpening | ScreenOpening
# Settings of which a chart of points is made: those that differ, the first of them.
_MOST_SETTINGS = 6


class Chart(NamedTuple):
    """A chart with its name, its title and, for those who do not see it, what it shows."""

    name: str
    title: str
    caption: str
    figure: go.Figure

    def to_json(self) -> Json:
        """Name, title, caption and Plotly's JSON."""
        self.figure.update_layout(
            template="none",
            title=None,  # the page has it above
            margin_t=48 if self.figure.layout.showlegend else 12,
            paper_bgcolor=TRANSPARENT,
            plot_bgcolor=TRANSPARENT,
            font={"size": TEXT},
        )
        figure = json.loads(self.figure.to_json())
        return {"name": self.name, "title": self.title, "caption": self.caption, "figure": figure}


def charts(
    view: TeacherView | ScreenView, ended: Mapping[str, Sequence[EpochEnd]] = MappingProxyType({})
) -> list[Chart]:
    """The charts of the activity that a class is at: its answers first, then its runs.

    Args:
        view: of a teacher or a projector, see `playground.classroom.views`.
        ended: the epochs of those of `class_runs` that have ended well and of `judged_runs`, by
            their ids.
    """
    at = view["at"]
    if at is None:
        return []
    activity = Activity.model_validate_json(json.dumps(at["activity"]))
    runs = class_runs(view)
    return [
        *_predicted(at, activity, ended),
        *_trained(runs),
        *_by_setting(runs),
        *_confused([ended[run["id"]][-1].confusion for run in runs if ended.get(run["id"])]),
    ]


def class_runs(view: TeacherView | ScreenView) -> list[MemberRunView]:
    """The runs of members with a finished epoch."""
    at, found = view["at"], list[MemberRunView]()
    if "roster" in view:
        found = [
            {**tile["run"], "member": tile["number"], "name": tile["name"]}
            for tile in view["roster"]
            if tile["run"] and not (tile["removed"] or tile["left"])
        ]
    elif at is not None and at["reveal"]:
        found = at["reveal"]["runs"]
    return [run for run in found if run["val_accuracies"]]


def judged_runs(at: _Opening) -> list[JudgedView]:
    """The runs that members' predictions are judged by. There are none before the reveal."""
    reveal = at["reveal"]
    return list(reveal["judged"]) if reveal else []


def answers(at: _Opening) -> list[AnswerView]:
    """The answers that may be seen."""
    if "answers" in at:
        return at["answers"]
    return at["reveal"]["answers"] if at["reveal"] else []


def _predicted(
    at: _Opening, activity: Activity, ended: Mapping[str, Sequence[EpochEnd]]
) -> list[Chart]:
    given, asked = [one["answer"] for one in answers(at)], activity.prediction
    if asked is None:
        return []
    happened = {
        one["member"]: ended[one["run"]] for one in judged_runs(at) if ended.get(one["run"])
    }
    every = list(happened.values())
    title = asked.question.text(language())
    said = plural("Predictions of {count} member.", "Predictions of {count} members.", len(given))
    if isinstance(asked, Choice):
        options = [option.text(language()) for option in asked.options]
        chosen = [one["choice"] for one in given if "choice" in one]
        counts = [chosen.count(i) for i in range(len(options))]
        right = asked.right if at["revealed"] else None
        figure = choices_figure(options, counts, right=right)
        numbered = zip(options, counts, strict=True)
        listed = "; ".join(f"{option}: {count}" for option, count in numbered)
        return [Chart("predictions", title, f"{said} {listed}", figure)]
    if isinstance(asked, Number) and activity.jigsaw and at["revealed"]:
        # Each has predicted another cell: there is no one number that all meet.
        pairs = _pairs(asked, answers(at), happened)
        figure = pairs_figure(pairs, asked.low, asked.high, asked.decimals)
        return [Chart("predictions", title, said, figure)]
    if isinstance(asked, Number):
        numbers = [one["number"] for one in given if "number" in one]
        figure = numbers_figure(
            "",
            t("Predicted"),
            numbers,
            asked.low,
            asked.high,
            asked.decimals,
            real=_middle_number(asked, every),
        )
        return [Chart("predictions", title, said, figure)]
    drawn = [one["curve"] for one in given if "curve" in one]
    real = _middle_curve(asked, every)
    figure = curve_figures.fog_figure("", t(TITLES[asked.metric]), asked.epochs, drawn, real=real)
    return [Chart("predictions", title, said, figure)]


def _reached(asked: Number, epochs: Sequence[EpochEnd]) -> float:
    """The number of a run that a prediction was about."""
    if asked.of == "seconds":
        return sum(epoch.seconds for epoch in epochs)
    return float(getattr(epochs[-1], asked.of))


def _pairs(
    asked: Number, given: list[AnswerView], happened: Mapping[int, Sequence[EpochEnd]]
) -> list[tuple[str, float, float]]:
    """Name, predicted and real number of each member whose run has ended."""
    return [
        (spoken(one["name"]), one["answer"]["number"], _reached(asked, happened[one["member"]]))
        for one in given
        if "number" in one["answer"] and one["member"] in happened
    ]


def _middle_number(asked: Number, ended: Sequence[Sequence[EpochEnd]]) -> float | None:
    """The median of what the runs of members have reached; None before the first has ended."""
    reached = [_reached(asked, epochs) for epochs in ended]
    return sorted(reached)[len(reached) // 2] if reached else None


def _middle_curve(asked: Curve, ended: Sequence[Sequence[EpochEnd]]) -> curve_figures.Curve | None:
    """The run in the middle of those of members; None before the first has ended."""
    if not ended:
        return None
    by_end = sorted(ended, key=lambda epochs: float(getattr(epochs[-1], asked.metric)))
    middle = by_end[len(ended) // 2]
    values = [float(getattr(epoch, asked.metric)) for epoch in middle]
    return curve_figures.Curve(t("Real"), [epoch.epoch for epoch in middle], values)


def _trained(runs: list[MemberRunView]) -> list[Chart]:
    if not runs:
        return []
    drawn = [
        curve_figures.Curve(
            spoken(run["name"]),
            list(range(1, len(run["val_accuracies"]) + 1)),
            run["val_accuracies"],
        )
        for run in runs
    ]
    title = t("Everybody’s curves")
    figure = curve_figures.members_figure("", t("Validation accuracy"), drawn)
    caption = plural("The newest run of {count} member.", "The runs of {count} members.", len(runs))
    return [Chart("curves", title, caption, figure)]


def _by_setting(runs: list[MemberRunView]) -> list[Chart]:
    if len(runs) < 2:
        return []
    configs = [RunConfig.model_validate(run["config"]) for run in runs]
    found = [one for one in differences(configs) if one.setting != "seed"][:_MOST_SETTINGS]
    made = []
    for one in found:
        label = setting_name(one.setting)
        points = [
            Point(
                spoken(run["name"]),
                tuple(value) if isinstance(value, list) else value,
                setting_value(one.setting, value),
                run["val_accuracies"][-1],
            )
            for run, value in zip(runs, one.values, strict=True)
        ]
        title = t("{setting} and accuracy", setting=label)
        caption = t("A point for each run: {setting} and validation accuracy.", setting=label)
        figure = points_figure(label, points)
        made.append(Chart(f"setting-{one.setting}", title, caption, figure))
    return made


def _confused(matrices: Sequence[ArrayLike]) -> list[Chart]:
    if not matrices:
        return []
    figure = mean_confusion_figure(matrices)
    title = str(figure.layout.title.text)
    return [Chart("confusion", title, title, figure)]
