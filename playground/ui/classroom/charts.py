"""The charts of a class, made from what an audience may see and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
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
from playground.classroom.views.shared import MOST_POINTS, Trained
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
# What the name of a chart of points begins with, before that of its setting.
SETTING = "setting-"


class Chart(NamedTuple):
    """A chart with its name, its title and, for those who do not see it, what it shows.

    `figure` is None for one that is only offered: of the charts by setting, a page shows one.
    """

    name: str
    title: str
    caption: str
    figure: go.Figure | None

    def to_json(self) -> Json:
        """Name, title, caption and Plotly's JSON."""
        said = {"name": self.name, "title": self.title, "caption": self.caption}
        if self.figure is None:
            return {**said, "figure": None}
        self.figure.update_layout(
            template="none",
            title=None,  # the page has it above
            margin_t=48 if self.figure.layout.showlegend else 12,
            paper_bgcolor=TRANSPARENT,
            plot_bgcolor=TRANSPARENT,
            font={"size": TEXT},
        )
        return {**said, "figure": json.loads(self.figure.to_json())}


def charts(
    view: TeacherView | ScreenView,
    ended: Mapping[str, Sequence[EpochEnd]] = MappingProxyType({}),
    trained: Sequence[Trained] = (),
    setting: str = "",
) -> list[Chart]:
    """The charts of the activity that a class is at: its answers first, then its runs.

    Args:
        view: of a teacher or a projector, see `playground.classroom.views`.
        ended: the epochs of those of `class_runs` that have ended well and of `judged_runs`, by
            their ids.
        trained: all runs of the activity, for the teacher alone.
        setting: whose chart of points is looked at; by default the first one that differs.
    """
    runs = class_runs(view)
    return [
        *_predicted(view["at"], ended),
        *_trained(runs),
        *_by_setting(trained, setting),
        *_confused([ended[run["id"]][-1].confusion for run in runs if ended.get(run["id"])]),
    ]


def class_runs(view: TeacherView | ScreenView) -> list[MemberRunView]:
    """The runs of members with a finished epoch.

    For the teacher the newest of each; for the room those that everybody sees at the reveal.
    """
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


def judged_runs(at: _Opening | None) -> list[JudgedView]:
    """The runs that members' predictions are judged by. There are none before the reveal."""
    reveal = at["reveal"] if at else None
    return list(reveal["judged"]) if reveal else []


def answers(at: _Opening) -> list[AnswerView]:
    """The answers that may be seen."""
    if "answers" in at:
        return at["answers"]
    return at["reveal"]["answers"] if at["reveal"] else []


def _predicted(at: _Opening | None, ended: Mapping[str, Sequence[EpochEnd]]) -> list[Chart]:
    if at is None:
        return []
    activity = Activity.model_validate_json(json.dumps(at["activity"]))
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


def _by_setting(trained: Sequence[Trained], setting: str) -> list[Chart]:
    """All runs as points, one chart for each setting that differs."""
    # Many runs differ in nothing but the seed, and what differs between two settings is asked once.
    given = [_without_seed(run.config) for run in trained]
    configs = list(dict.fromkeys(given))
    found = {one.setting: one for one in differences(configs)}
    shown = setting if setting in found else next(iter(found), "")
    made = []
    for name, one in found.items():
        label = setting_name(name)
        title = t("{setting} and accuracy", setting=label)
        caption = plural(
            "A point for each of {count:,} run: {setting} and validation accuracy.",
            "A point for each of {count:,} runs, at most the newest {most:,}: {setting} and "
            "validation accuracy.",
            len(trained),
            most=MOST_POINTS,
            setting=label,
        )
        values = dict(zip(configs, one.values, strict=True))
        figure = None
        if name == shown:
            figure = _points(name, trained, [values[config] for config in given])
        made.append(Chart(f"{SETTING}{name}", title, caption, figure))
    return made


@lru_cache(maxsize=4096)
def _without_seed(config: RunConfig) -> RunConfig:
    return config.model_copy(update={"seed": 0})


def _points(setting: str, trained: Sequence[Trained], values: Sequence[object]) -> go.Figure:
    texts = {value: setting_value(setting, value) for value in dict.fromkeys(values)}
    points = [
        Point(spoken(run.name), value, texts[value], run.accuracy)
        for run, value in zip(trained, values, strict=True)
    ]
    return points_figure(setting_name(setting), points)


def _confused(matrices: Sequence[ArrayLike]) -> list[Chart]:
    if not matrices:
        return []
    figure = mean_confusion_figure(matrices)
    title = str(figure.layout.title.text)
    return [Chart("confusion", title, title, figure)]
