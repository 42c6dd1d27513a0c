"""What a student's runs in one activity say about the settings, as the page Runs says it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from playground.config import RunConfig
from playground.experiments.differences import Difference, differences, judged_on_the_same_images
from playground.experiments.repeats import settings_key
from playground.experiments.verdict import paired
from playground.locales import plural, t
from playground.runs.results import Repeats, follows_its_settings, repeats_of
from playground.store.runs import RunInfo
from playground.ui.common.labels import setting_name, setting_phrase, setting_value
from playground.ui.compare.verdict import verdict_of
from playground.ui.compare.words import describe

# So many settings are compared with the first ones.
MOST_COMPARED = 7


def compared(runs: Sequence[RunInfo]) -> tuple[tuple[str, ...], ...]:
    """For each other settings than the first: how they differ, what they reached, the verdict.

    Args:
        runs: of one student in one activity, the oldest first.
    """
    usable = [run for run in runs if follows_its_settings(run)]
    first: dict[Hashable, RunConfig] = {}
    for run in usable:
        first.setdefault(settings_key(run.config), run.config)
    found = repeats_of(first.values(), reversed(usable))
    found = [one for one in found if one.accuracies]
    return tuple(_two(found[0], other) for other in found[1 : 1 + MOST_COMPARED])


def _two(one: Repeats, other: Repeats) -> tuple[str, ...]:
    configs = [each.config.model_copy(update={"seed": 0}) for each in (one, other)]
    differing = differences(configs)
    names = _name(differing, 0), _name(differing, 1)
    lines = [
        "; ".join(
            t(
                "{setting}: {first} or {second}",
                setting=setting_name(each.setting),
                first=setting_value(each.setting, each.values[0]),
                second=setting_value(each.setting, each.values[1]),
            )
            for each in differing
        )
    ]
    lines += [_reached(names[0], one), _reached(names[1], other)]
    if not judged_on_the_same_images(configs):
        lines.append(
            t("They are judged on different images, so their accuracies cannot be compared.")
        )
    elif not paired(one.accuracies, other.accuracies)[0]:
        lines.append(t("No two of these runs have the same seed, so nothing follows for certain."))
    else:
        lines += describe(verdict_of(one, other), names)
    return tuple(lines)


def _name(differing: Sequence[Difference], index: int) -> str:
    """Settings by what sets them apart from the others."""
    return " · ".join(
        f"{setting_name(each.setting)} –"
        if each.values[index] is None
        else setting_phrase(each.setting, each.values[index])
        for each in differing
    )


def _reached(name: str, repeats: Repeats) -> str:
    values = list(repeats.accuracies.values())
    return plural(
        "{name}: validation accuracy {value:.4f} in {count} run.",
        "{name}: validation accuracy {value:.4f} on average over {count} runs.",
        len(values),
        name=name,
        value=sum(values) / len(values),
    )
