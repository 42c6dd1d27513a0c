"""The table of runs in the browser: it takes the events of those under way without script runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from playground.events import Status
from playground.experiments.differences import differences
from playground.locales import from_english, language, sentences, t
from playground.store.runs import RunInfo
from playground.ui.common.labels import setting_name, setting_value
from playground.ui.common.mount import mount
from playground.ui.runs.view import MOST_CHOSEN, View

_HTML = """
<section class="runs">
  <div class="runs-scroll" tabindex="-1"></div>
  <p class="runs-says" role="status"></p>
</section>
"""


def runs_table(
    runs: Sequence[RunInfo],
    named: Mapping[str, str],
    origins: Mapping[str, str],
    view: View,
    chosen: Sequence[str],
    *,
    owner: str,
    revision: int,
    key: str,
    on_chosen_change: Callable[[], None],
    on_star_change: Callable[[], None],
    on_sort_change: Callable[[], None],
    on_open_change: Callable[[], None],
) -> Mapping[str, object]:
    """Show a page of runs.

    A press sets one of the component's values for the next script run: `chosen` (ids, all of
    them), `star` ([id, whether]), `sort` (a column), `open` (an id).

    Args:
        runs: those of the page, in order.
        named: the name of each, by its id.
        origins: what those that go on from another run say of it, by their ids.
        view: says which column they are sorted by, and whether the test accuracy is shown.
        chosen: the ids of the chosen ones, also of other pages.
        owner: who looks; only their own runs can have a star.
        revision: another number whenever `chosen` has changed in another way than in the table.
        key: Streamlit's key of the component.
        on_chosen_change, on_star_change, on_sort_change, on_open_change: called before the script
            run that a press causes.
    """
    differing = differences([run.config for run in runs])
    settings = [
        [setting_value(one.setting, one.values[i]) for one in differing] for i in range(len(runs))
    ]
    return mount(
        "runs_table",
        _HTML,
        "runs/table.css",
        "runs/table.js",
        key=key,
        data={
            "settings": [
                {"column": d.setting, "label": setting_name(d.setting)} for d in differing
            ],
            "rows": [
                _row(
                    run,
                    named[run.id],
                    origins.get(run.id, ""),
                    values,
                    own=run.owner == owner,
                    test=view.test,
                )
                for run, values in zip(runs, settings, strict=True)
            ],
            "chosen": list(chosen),
            "revision": revision,
            "most": MOST_CHOSEN,
            "sort": [view.sort, view.descending],
            "test": view.test,
            "sentences": sentences(language()),
            "statuses": {status.value: t(status.value) for status in Status},
            "ended": [status.value for status in Status if status.ended],
        },
        on_chosen_change=on_chosen_change,
        on_star_change=on_star_change,
        on_sort_change=on_sort_change,
        on_open_change=on_open_change,
    )


def _row(
    run: RunInfo, name: str, origin: str, values: list[str], *, own: bool, test: bool
) -> dict[str, object]:
    summary = run.summary
    return {
        "id": run.id,
        "given": name,
        "note": run.note,
        "origin": origin,
        "own": own,
        "owner": "" if own else t("the server’s") if run.ready_made else t("somebody else’s"),
        "starred": run.starred,
        "settings": values,
        "accuracies": [round(accuracy, 4) for accuracy in summary.val_accuracies],
        "accuracy": summary.accuracy,
        "testAccuracy": summary.test_accuracy if test else None,
        "sealed": run.sealed,
        "epochs": summary.epochs,
        "allEpochs": run.config.epochs,
        "seconds": summary.seconds,
        "status": run.status.value,
        "reason": from_english(run.reason),
        "started": t("{date:%d %b %H:%M}", date=run.created),
    }
