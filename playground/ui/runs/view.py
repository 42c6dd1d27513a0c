"""What the table of runs shows: a filter, an order and a page, and their form in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, cast

from playground.config import RunConfig
from playground.experiments.differences import effects
from playground.experiments.naming import show_value
from playground.locales import mark, t
from playground.store.runs import RunInfo
from playground.ui.common.labels import config_label, given_name, setting_value, short_name

# How curves are compared: over what, and of which images.
Axis = Literal["epochs", "steps", "images", "seconds"]
Curves = Literal["validation", "training", "both"]
AXES: dict[Axis, str] = {
    "epochs": mark("Epochs"),
    "steps": mark("Steps"),
    "images": mark("Images"),
    "seconds": mark("Seconds"),
}
CURVES: dict[Curves, str] = {
    "validation": mark("Validation"),
    "training": mark("Training"),
    "both": mark("Both"),
}

_Key = tuple[int, float, str | tuple[int, ...]]

PAGE = 50
MOST_CHOSEN = 100
_LONGEST = 100

# What can be sorted by, beside the settings: a run's value, None where it has none.
_SORTS: dict[str, Callable[[RunInfo], float | str | None]] = {
    "started": lambda run: run.number,
    "starred": lambda run: run.starred,
    "accuracy": lambda run: run.summary.accuracy,
    "val_accuracy": lambda run: run.summary.val_accuracy,
    "epochs": lambda run: run.summary.epochs,
    "seconds": lambda run: run.summary.seconds,
    "status": lambda run: run.status.value,
    "test_accuracy": lambda run: run.summary.test_accuracy,
}


@dataclass(frozen=True)
class View:
    """A filter, an order and a page; and how Compare draws its curves.

    Attributes:
        text: only runs whose name, note, settings or status hold these words.
        setting, values: only runs whose setting has one of these values, as they are shown.
        sort: a column; "name", a setting, or a key of `_SORTS`.
        descending: whether the greatest comes first.
        page: 1 is the first.
        test: whether the test accuracy is shown.
        lessons: whether runs that pages of Learn have started are listed.
        axis, curves: what the curves are aligned by, and on which images they are.
    """

    text: str = ""
    setting: str = ""
    values: tuple[str, ...] = ()
    sort: str = "started"
    descending: bool = True
    page: int = 1
    test: bool = False
    lessons: bool = False
    axis: Axis = "epochs"
    curves: Curves = "validation"

    def sorted_by(self, column: str) -> View:
        """In the order of another column; of the same one, the other way round."""
        if not sortable(column):
            return self
        turned = column == self.sort and self.descending
        return replace(self, sort=column, descending=not turned, page=1)

    def to_query(self) -> dict[str, str | list[str]]:
        """What is not as usual, as query parameters."""
        query: dict[str, str | list[str]] = {}
        if self.text:
            query["find"] = self.text
        if self.setting and self.values:
            query["setting"], query["value"] = self.setting, list(self.values)
        if (self.sort, self.descending) != (View.sort, View.descending):
            query["sort"] = ("-" if self.descending else "") + self.sort
        if self.page > 1:
            query["page"] = str(self.page)
        if self.test:
            query["test"] = "true"
        if self.lessons:
            query["learn"] = "true"
        if self.axis != View.axis:
            query["axis"] = self.axis
        if self.curves != View.curves:
            query["images"] = self.curves
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, Sequence[str]]) -> View:
        """Read query parameters, whatever they hold; what cannot be used is as usual."""

        def first(name: str) -> str:
            return next(iter(query.get(name, ())), "")[:_LONGEST]

        setting, sort, page = first("setting"), first("sort"), first("page")
        known = setting in RunConfig.model_fields
        column = sort.removeprefix("-")
        return cls(
            text=first("find"),
            setting=setting if known else "",
            values=tuple(value[:_LONGEST] for value in query.get("value", ())) if known else (),
            sort=column if sortable(column) else cls.sort,
            descending=sort.startswith("-") if sortable(column) else cls.descending,
            test=first("test") == "true",
            lessons=first("learn") == "true",
            axis=next((axis for axis in AXES if axis == first("axis")), cls.axis),
            curves=next((curves for curves in CURVES if curves == first("images")), cls.curves),
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        )


def sortable(column: str) -> bool:
    """Whether there is such a column."""
    return column == "name" or column in _SORTS or column in RunConfig.model_fields


def names(runs: Sequence[RunInfo]) -> dict[str, str]:
    """The name of each run by its id: the owner's, or the short one of its settings.

    Of equal short names all after the first get a number.

    Args:
        runs: newest first.
    """
    seen: dict[str, int] = {}
    found = {}
    for run in reversed(runs):
        given = short_name(run.config)
        seen[given] = seen.get(given, 0) + 1
        numbered = given if seen[given] == 1 else f"{given} #{seen[given]}"
        found[run.id] = given_name(run) or numbered
    return {run.id: found[run.id] for run in runs}


def shown_value(run: RunInfo, setting: str) -> str:
    """A run's setting as it is shown; `–` where it has no effect."""
    effect = effects(run.config)[setting]
    return setting_value(setting, None if effect is None else getattr(run.config, setting))


def apply(view: View, runs: Sequence[RunInfo], named: Mapping[str, str]) -> list[RunInfo]:
    """The runs that pass the filter, on all pages, in the view's order.

    Args:
        view: filter and order.
        runs: newest first.
        named: the name of each run, by its id.
    """
    found = [run for run in runs if _passes(view, run, named[run.id])]
    ordered = [(key, run) for run in found if (key := _key(view.sort, run, named)) is not None]
    ordered.sort(key=lambda pair: pair[0], reverse=view.descending)
    first = [run for _, run in ordered]
    there = {run.id for run in first}
    # What has no value comes last either way.
    return first + [run for run in found if run.id not in there]


def _passes(view: View, run: RunInfo, name: str) -> bool:
    if view.setting and view.values and shown_value(run, view.setting) not in view.values:
        return False
    if not view.text:
        return True
    settings = f"{config_label(run.config)} {_settings(run.config)}"
    text = f"{name} {settings} {run.note} {t(run.status.value)} {run.id}".casefold()
    return all(word in text for word in view.text.casefold().split())


@lru_cache(maxsize=4096)
def _settings(config: RunConfig) -> str:
    """All settings that have an effect, as `optimizer=adam learning_rate=0.001 …`."""
    done = effects(config)
    return " ".join(
        f"{name}={show_value(value)}" for name, value in config if done[name] is not None
    )


def _key(sort: str, run: RunInfo, named: Mapping[str, str]) -> _Key | None:
    """What a run is sorted by; None if it has no value."""
    if sort == "name":
        value: object = named[run.id].casefold()
    elif sort in _SORTS:
        value = _SORTS[sort](run)
    else:
        value = None if effects(run.config)[sort] is None else getattr(run.config, sort)
    if value is None:
        return None
    if isinstance(value, int | float):
        return (0, value, "")
    # "full" is the greatest batch size; layers go by their units.
    return (1, 0, value) if isinstance(value, str) else (0, 0, cast("tuple[int, ...]", value))


def page_of(view: View, runs: Sequence[RunInfo]) -> tuple[int, list[RunInfo]]:
    """The page that there is nearest to the view's, and its runs."""
    page = min(max(view.page, 1), max(1, -(-len(runs) // PAGE)))
    return page, list(runs[(page - 1) * PAGE : page * PAGE])
