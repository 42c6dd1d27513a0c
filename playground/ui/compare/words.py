"""A verdict in words, with the numbers behind it."""

from __future__ import annotations

from playground.experiments.looks import FIRST_LOOK
from playground.experiments.verdict import HORIZON, Verdict
from playground.locales import plural, t


def describe(verdict: Verdict | None, names: tuple[str, str]) -> list[str]:
    """The verdict in a sentence, then the numbers behind it.

    Args:
        verdict: None if there are not two pairs yet.
        names: of the baseline and of the candidate.
    """
    if verdict is None:
        return [
            t("Undecided: a single pair says nothing about chance."),
            t("A verdict on {second} and {first} takes two seeds or more.", **_two(names)),
        ]
    points = 100 * abs(verdict.difference)
    if verdict.answer == "better":
        said = t("{second} is better than {first}, by {points:.2f} points.", **_two(names, points))
    elif verdict.answer == "worse":
        said = t("{second} is worse than {first}, by {points:.2f} points.", **_two(names, points))
    elif verdict.answer == "no-clear-difference":
        said = t(
            "No clear difference between {second} and {first}: more than {points:.2f} points are "
            "excluded.",
            **_two(names, 100 * verdict.excluded),
        )
    elif verdict.more_seeds is None:
        said = t(
            "Undecided: {second} and {first} are so close that even {most} seeds would hardly tell "
            "them apart.",
            most=HORIZON,
            **_two(names),
        )
    else:
        said = plural(
            "Undecided between {second} and {first}: about {count} more seed would tell.",
            "Undecided between {second} and {first}: about {count} more seeds would tell.",
            verdict.more_seeds,
            **_two(names),
        )
    numbers = t(
        "Over {seeds} seeds, {second} is ahead with {ahead} of them. On average its validation "
        "accuracy differs by {difference:+.2f} percentage points from that of {first}",
        seeds=verdict.seeds,
        ahead=verdict.ahead,
        difference=100 * verdict.difference,
        **_two(names),
    )
    if verdict.seeds < FIRST_LOOK:
        return [said, t("{numbers}. An interval takes three seeds.", numbers=numbers)]
    return [
        said,
        t(
            "{numbers}; the 95 % interval goes from {low:+.2f} to {high:+.2f}. The differences of "
            "the pairs have a standard deviation of {deviation:.2f}.",
            numbers=numbers,
            low=100 * verdict.low,
            high=100 * verdict.high,
            deviation=100 * verdict.deviation,
        ),
    ]


def _two(names: tuple[str, str], points: float | None = None) -> dict[str, object]:
    found: dict[str, object] = {"first": f"“{names[0]}”", "second": f"“{names[1]}”"}
    return found if points is None else found | {"points": points}
