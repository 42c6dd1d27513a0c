"""The command line of the campaign of faults; what it does to a server it shows itself."""

from __future__ import annotations

import inspect
import json
from types import ModuleType

import pytest

from tests.chaos import __main__ as campaign
from tests.chaos import crowd, database, hostile, kills
from tests.chaos.report import LeftOut, Report


def run(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int | str | None, list[dict[str, object]]]:
    """The exit status, and what was printed."""
    with pytest.raises(SystemExit) as ended:
        campaign.main(list(arguments))
    return ended.value.code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def measuring(value: float, figure: str = "memory, MiB", wrong: str = "") -> Report:
    report = Report("made up")
    report.limit(figure, value, 10)
    report.expect(not wrong, wrong)
    return report


@pytest.mark.parametrize("module", [crowd, kills, database, hostile])
def test_every_scenario_stands_in_the_table(module: ModuleType) -> None:
    found = {
        name: function
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and list(inspect.signature(function).parameters) == ["short"]
    }
    assert found
    assert found.items() <= campaign.SCENARIOS.items()


def test_ci_runs_scenarios_that_there_are() -> None:
    assert set(campaign.SHORT) < campaign.SCENARIOS.keys()


@pytest.mark.parametrize(
    ("report", "short", "status"),
    [
        (measuring(10), False, 0),
        (measuring(10.5), False, 1),
        (measuring(10.5), True, 1),
        (measuring(10.5, "a page, seconds"), False, 1),
        (measuring(10.5, "a page, seconds"), True, 0),  # CI's machine may have other work
        (measuring(1, wrong="An event is lost."), True, 1),
    ],
)
def test_what_does_not_hold_is_named_and_the_exit_status(
    report: Report,
    short: bool,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(campaign, "SCENARIOS", {"made up": lambda _: report})
    code, [line] = run(capsys, "made up", *(["--short"] if short else []))
    assert (code, line["holds"]) == (status, status == 0)
    assert line["measured"].keys() > line["ceilings"].keys()  # type: ignore[attr-defined]
    assert ("over" in line or "wrong" in line) == bool(status)


def test_a_scenario_that_fails_itself_does_not_hold_and_the_next_one_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(short: bool) -> Report:
        raise RuntimeError("the server did not start")

    scenarios = {"broken": broken, "good": lambda _: Report("good")}
    monkeypatch.setattr(campaign, "SCENARIOS", scenarios)
    code, lines = run(capsys)
    assert code == 1
    assert [(line["scenario"], line["holds"]) for line in lines] == [
        ("broken", False),
        ("good", True),
    ]


def test_what_a_computer_lacks_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(short: bool) -> Report:
        raise LeftOut("There is no database.")

    monkeypatch.setattr(campaign, "SCENARIOS", {"lacking": lacking})
    code, [line] = run(capsys, "lacking")
    assert code == 0
    assert line["measured"]["left out"] == "There is no database."  # type: ignore[index]


def test_a_scenario_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        campaign.main(["watchers", "earthquake"])
    assert ended.value.code == 2
    assert "earthquake" in capsys.readouterr().err
