"""The verdict: whether one setting is better than another, or was lucky, seed by seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from playground.events import Status
from playground.experiments.differences import judged_on_the_same_images
from playground.experiments.looks import FIRST_LOOK
from playground.experiments.repeats import shared_seeds
from playground.experiments.verdict import MARGIN, Verdict, judge, paired
from playground.figures.verdict import Interval, pairs_figure, repeats_figure
from playground.locales import from_english, plural, t
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.results import Repeats, has_result
from playground.store.runs import RunInfo
from playground.ui import navigation
from playground.ui.common.figure import show_figure
from playground.ui.common.labels import plain
from playground.ui.common.pictures import percent
from playground.ui.common.problems import show_errors
from playground.ui.compare import repeat
from playground.ui.compare.compare import names_apart
from playground.ui.compare.words import describe

FOLLOW_SECONDS = 1.5
# Sentences about seeds without a result that are shown at most.
_MOST_SAID = 8
_STYLE = """<style>
.verdict {
  padding: var(--pg-space-12) var(--pg-space-16);
  border-left: 4px solid var(--pg-gray);
  background: color-mix(in srgb, currentColor 6%, transparent);
}
.verdict p { margin: 0; }
.verdict .said {
  font-size: var(--pg-text-large);
  font-weight: 600;
  margin-bottom: var(--pg-space-4);
}
.verdict:is([data-verdict="better"], [data-verdict="worse"]) { border-color: var(--pg-blue); }
</style>"""


def verdict_of(first: Repeats, second: Repeats) -> Verdict | None:
    """What their pairs say of the second against the first; None if there are fewer than two."""
    one, other = paired(first.accuracies, second.accuracies)
    if len(one) < 2:
        return None
    return judge(one, other, images=first.config.validation_images)


def show_verdict(hub: Hub, owner: str, chosen: Sequence[RunInfo], named: Mapping[str, str]) -> None:
    """All about the chosen configurations, seed by seed, live while runs are under way.

    Args:
        hub: has the runs.
        owner: who looks; only the runs' owner can add seeds.
        chosen: runs, one of each configuration or more.
        named: the name of each, by its id.
    """
    runs = repeat.settings_of(chosen)
    alike = repeat.with_one_seed(runs)
    if not judged_on_the_same_images([run.config for run in alike]):
        st.warning(
            t(
                "These runs are judged on different images, so their validation accuracies cannot "
                "be compared. Train them with the same number of training images, the same "
                "validation share, and all or none with validation images by seed."
            )
        )
        return
    names = names_apart(alike, named)
    found = repeat.repeats(hub, runs)
    going = any(not run.status.ended for one in found for run in one.runs.values())
    if repeat.can_repeat(runs, owner):
        _more_seeds(hub, owner, found, going)
    st.fragment(show_errors(_follow), run_every=FOLLOW_SECONDS if going else None)(
        runs, names, going
    )
    st.caption(
        t(
            "All are trained with the same seeds, and those of one seed are judged on the same "
            "validation images; what counts is the difference of each pair. The test images have "
            "no say, since hyperparameters are chosen here. You may look and add seeds as often as "
            "you like: equal settings are called different in at most 5 of 100 cases all the same. "
            "Half a percentage point counts as no difference that matters."
        )
    )
    navigation.link_to(navigation.CHANCE, t("What chance does, and how this verdict is made"))


def _more_seeds(hub: Hub, owner: str, found: Sequence[Repeats], going: bool) -> None:
    """How many seeds to add, and buttons to add them and to stop."""
    most = repeat.most_to_add(hub, owner, found)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.number_input(
            t("More seeds"),
            0 if not most else 1,
            max(most, 0),
            min(most, repeat.seeds_to_add(found) or 3),
            key=f"verdict_more_{most}",
            help=t(
                "All of these settings are trained with each of them. There is room for {room:,} "
                "more runs of yours in the queue.",
                room=hub.room(owner),
            ),
            width=160,
        )
        if st.button(
            t("Train more seeds"),
            icon=":material/casino:",
            disabled=not most,
            help=t("The runs wait their turn. What has been trained before is not trained again."),
        ):
            if problem := repeat.submit(hub, owner, repeat.missing(found, count)):
                st.error(problem)
            else:
                st.rerun()
        if going and st.button(
            t("Stop them"), icon=":material/stop:", help=t("Ends these runs, also those that wait.")
        ):
            if problem := repeat.stop(hub, owner, found):
                st.error(problem)
            else:
                st.rerun()


def _follow(runs: Sequence[RunInfo], names: Sequence[str], going: bool) -> None:
    """The verdict as the runs are now."""
    found = repeat.repeats(service.hub(), runs)
    under_way = [run for one in found for run in one.runs.values() if not run.status.ended]
    if going and not under_way:
        st.rerun()
    if len(found) == 1:
        _alone(found[0], names[0])
    verdicts = [verdict_of(found[0], other) for other in found[1:]]
    for verdict, name in zip(verdicts, names[1:], strict=True):
        _say(verdict, (names[0], name))
    if under_way:
        st.markdown(
            plural(
                "{count} run is under way; the verdict is about those that have ended.",
                "{count} runs are under way; the verdict is about those that have ended.",
                len(under_way),
            )
        )
    _show_runs(found, names, verdicts)
    _without_result(found, names)
    with st.expander(t("All numbers")):
        _numbers(found, names)


def _alone(one: Repeats, name: str) -> None:
    values = list(one.accuracies.values())
    if len(values) > 1:
        mean = sum(values) / len(values)
        spread = (sum((v - mean) ** 2 for v in values) / (len(values) - 1)) ** 0.5
        st.markdown(
            t(
                "{name}: {mean} on average over {seeds} seeds, from {low} to {high}; "
                "the standard deviation is {spread:.2f} percentage points. All this is chance.",
                **{"name": plain(name), "mean": percent(mean, 1), "seeds": len(values)},
                **{"low": percent(min(values), 1), "high": percent(max(values), 1)},
                **{"spread": 100 * spread},
            )
        )
    st.info(t("To learn which of two settings is better, choose a run of each in the table."))


def _say(verdict: Verdict | None, names: tuple[str, str]) -> None:
    """The verdict in words; checks from outside look for its element."""
    answer = verdict.answer if verdict else "undecided"
    lines = describe(verdict, names)
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    paragraphs = paragraphs.replace("<p>", "<p class='said'>", 1)
    st.html(
        f'{_STYLE}<div class="verdict" data-testid="verdict" data-verdict="{answer}" '
        f'role="status">{paragraphs}</div>'
    )


def _show_runs(
    found: Sequence[Repeats], names: Sequence[str], verdicts: Sequence[Verdict | None]
) -> None:
    accuracies = [one.accuracies for one in found]
    if not any(accuracies):
        return
    said = t(
        "The validation accuracy of every run; a thin line joins the runs of one seed, and a short "
        "bar is a mean."
    )
    if len(found) != 2:
        show_figure(repeats_figure(names, accuracies), said, "verdict_repeats", 90 * len(found))
        return
    [verdict] = verdicts
    interval = None
    if verdict is not None and verdict.seeds >= FIRST_LOOK:
        interval = Interval(verdict.difference, verdict.low, verdict.high)
    show_figure(
        pairs_figure(names, accuracies, interval, MARGIN),
        said
        + " "
        + t(
            "On the right, the difference of each pair, and the mean with its 95 % interval: if it "
            "keeps clear of 0, one of them is better. In the grey band no difference matters."
        ),
        "verdict_pairs",
        560,
    )


def _without_result(found: Sequence[Repeats], names: Sequence[str]) -> None:
    """Why seeds have no result, each in a sentence."""
    lines = [
        t(
            "{name}, seed {seed} has no result: {why}",
            name=plain(name),
            seed=seed,
            why=_why(run),
        )
        for one, name in zip(found, names, strict=True)
        for seed, run in sorted(one.runs.items())
        if not has_result(run)
    ]
    if more := len(lines[_MOST_SAID:]):
        lines = [*lines[:_MOST_SAID], t("and {more:,} more.", more=more)]
    if lines:
        st.markdown("\n".join(f"- {line}" for line in lines))


def _why(run: RunInfo) -> str:
    """Why a run has no result, or none yet."""
    if run.status is Status.QUEUED:
        return t("it waits for its turn.")
    if not run.status.ended:
        return t(
            "it trains, {done} of {all} epochs.", done=run.summary.epochs, all=run.config.epochs
        )
    why = {
        Status.STOPPED: t("it was stopped."),
        Status.FAILED: t("it failed."),
        Status.INTERRUPTED: t("it was interrupted."),
    }.get(run.status, t("it ended before its first epoch."))
    return f"{why} {plain(from_english(run.reason))}".strip()


def _numbers(found: Sequence[Repeats], names: Sequence[str]) -> None:
    """Each seed's accuracies as a table."""
    seeds = sorted(set[int]().union(*(one.runs for one in found)))
    rows = [
        f"| {seed} | "
        + " | ".join(
            f"{one.accuracies[seed]:.4f}" if seed in one.accuracies else "–" for one in found
        )
        + " |"
        for seed in seeds
    ]
    # A name must not end a cell.
    heads = [plain(name.replace("|", "/")) for name in names]
    head = [f"| {t('Seed')} | {' | '.join(heads)} |", "| ---: |" + " ---: |" * len(found)]
    st.markdown("\n".join(head + rows))
    together = len(shared_seeds([set(one.accuracies) for one in found]))
    st.caption(plural("{count} seed counts.", "{count} seeds count.", together))
