"""What the table of runs shows: names, filter, order, pages, and their form in the address."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.config import RunConfig
from playground.events import Status
from playground.store.runs import RunInfo
from playground.store.summaries import Summary
from playground.ui.runs.view import (
    AXES,
    CURVES,
    PAGE,
    View,
    apply,
    names,
    page_of,
    shown_value,
)


def run(number: int, summary: Summary | None = None, note: str = "", **settings: Any) -> RunInfo:
    created = datetime(2026, 1, 1, tzinfo=timezone.utc)
    return RunInfo(
        *(f"run{number}", "me", RunConfig(**settings), Status.FINISHED, "", created, number),
        note=note,
        summary=summary or Summary(),
    )


RUNS = [
    run(3, Summary(epochs=2, val_accuracies=(0.7, 0.8)), optimizer="sgd", momentum=0.9),
    run(2, Summary(epochs=1, val_accuracies=(0.9,)), note="The wide one", hidden_layers=(512,)),
    run(1, batch_size="full"),
]
NAMED = names(RUNS)


def shown(**view: Any) -> list[int]:
    return [one.number for one in apply(View(**view), RUNS, NAMED)]


def test_names_say_what_is_not_the_default_and_stay_as_others_come() -> None:
    same = [run(3), run(2), run(1)]
    assert names(same) == {
        "run3": "default settings #3",
        "run2": "default settings #2",
        "run1": "default settings",
    }
    assert names(same[1:]).items() <= names(same).items()
    assert NAMED["run3"] == "sgd · momentum 0.9"


def test_the_newest_comes_first_and_what_has_no_value_last_either_way() -> None:
    assert shown() == [3, 2, 1]
    assert shown(descending=False) == [1, 2, 3]
    assert shown(sort="val_accuracy") == [2, 3, 1]
    assert shown(sort="val_accuracy", descending=False) == [3, 2, 1]
    assert shown(sort="momentum") == [3, 2, 1]
    assert shown(sort="batch_size") == [1, 3, 2]
    assert shown(sort="hidden_layers") == [2, 3, 1]
    assert shown(sort="name", descending=False) == [1, 2, 3]


def test_all_words_must_be_in_name_note_settings_or_status() -> None:
    assert shown(text="WIDE") == [2]
    assert shown(text="sgd finished") == [3]
    assert shown(text="wide sgd") == []
    assert shown(text="adam") == [2, 1]
    assert shown(text="adam seed=42 batch_size=full") == [1]
    assert shown(text="run1") == [1]


def test_a_setting_has_one_of_the_values_as_they_are_shown() -> None:
    assert shown(setting="momentum", values=("0.9",)) == [3]
    assert shown(setting="momentum", values=("–",)) == [2, 1]
    assert shown(setting="hidden_layers", values=("512", "128")) == [3, 2, 1]
    assert shown(setting="optimizer", values=()) == [3, 2, 1]
    assert shown_value(RUNS[2], "batch_size") == "full batch"


def test_a_press_sorts_the_greatest_first_and_another_press_the_other_way() -> None:
    view = View(page=3).sorted_by("seconds")
    assert (view.sort, view.descending, view.page) == ("seconds", True, 1)
    assert not view.sorted_by("seconds").descending
    assert view.sorted_by("no column") == view


@pytest.mark.parametrize(
    "column", [*RunConfig.model_fields, "name", "starred", "status", "seconds"]
)
def test_every_column_can_be_sorted_by(column: str) -> None:
    for descending in (True, False):
        assert sorted(shown(sort=column, descending=descending)) == [1, 2, 3]


@given(
    st.builds(
        View,
        text=st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=20),
        setting=st.sampled_from(["optimizer", "seed"]),
        values=st.lists(st.sampled_from(["adam", "sgd", "1"]), min_size=1).map(tuple),
        sort=st.sampled_from(["name", "started", "learning_rate"]),
        descending=st.booleans(),
        page=st.integers(1, 99),
        axis=st.sampled_from(list(AXES)),
        curves=st.sampled_from(list(CURVES)),
    )
)
def test_the_address_gives_the_view_back(view: View) -> None:
    query = {k: [v] if isinstance(v, str) else v for k, v in view.to_query().items()}
    assert View.from_query(query) == view


@given(
    st.dictionaries(
        st.sampled_from(["find", "setting", "value", "sort", "page", "axis", "images", "x"]),
        st.lists(st.text(max_size=9), max_size=3),
    )
)
def test_whatever_the_address_holds_is_a_view(query: dict[str, list[str]]) -> None:
    view = View.from_query(query)
    assert view.page >= 0
    apply(view, RUNS, NAMED)


def test_pages_end_with_the_last() -> None:
    many = [run(i) for i in range(PAGE + 1)]
    assert page_of(View(page=2), many) == (2, many[PAGE:])
    assert page_of(View(page=99), many)[0] == 2
    assert page_of(View(page=0), many) == (1, many[:PAGE])
    assert page_of(View(), []) == (1, [])
