"""Runs that go on from others: what they begin with, and which events they take over.

A run that has ended never changes: what goes on from it is a new run, with a parent. It gets a copy
of the checkpoint that it begins with and of the epochs up to there, so the parent may be deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from playground.config import RunConfig
from playground.events import (
    EpochEnd,
    Event,
    EventData,
    LearningRateChange,
    PinnedPrediction,
    Status,
    ThresholdPassed,
    data_of,
)
from playground.locales import lazy
from playground.network.checkpoint import Checkpoint
from playground.runs.archive import Archive
from playground.runs.refusals import CannotBegin
from playground.store.runs import RunInfo

# The most epochs that a run can have, those of its parent included.
MOST_EPOCHS = int(RunConfig.limits("epochs")[1])


class Beginning(NamedTuple):
    """What a run that goes on from another one begins with.

    Attributes:
        parent: the id of the run before it.
        config: its settings.
        checkpoint: where it begins.
        history: what has happened up to there.
    """

    parent: str
    config: RunConfig
    checkpoint: Checkpoint
    history: tuple[EventData, ...]


def stands_at(archive: Archive, run: RunInfo) -> int | None:
    """The finished epochs after which a run that has ended goes on; None if it cannot.

    Raises:
        StoreError: the store cannot be read.
    """
    if run.foreign or not run.status.ended or run.status is Status.FAILED:
        return None
    standing = archive.standing(run.id)
    return 0 if standing is None and _begins_again(run) else standing


def _begins_again(run: RunInfo) -> bool:
    """Whether a run of which nothing is kept goes on from its start, which its seed gives."""
    # A crash may come after the end of the first epoch and before its checkpoint is kept.
    return not run.summary.epochs or run.status is Status.INTERRUPTED


def passed_threshold(events: Iterable[Event]) -> bool:
    """Whether it was its threshold that ended a run."""
    return bool(data_of(events, ThresholdPassed))


def go_on(archive: Archive, run: RunInfo, events: list[Event], epochs: int) -> Beginning:
    """What a run begins with that trains the same settings on, as if nothing had been in between.

    Args:
        archive: has the checkpoint.
        run: has ended.
        events: its own.
        epochs: of the run in all, those that are done included.

    Raises:
        CannotBegin: there is nothing to go on from, or no such number of epochs.
        StoreError: the store cannot be read.
    """
    _check_parent(run)
    if run.status is Status.FAILED:
        raise CannotBegin(
            lazy(
                "This run failed, and would fail again at the same place. Choose other settings, "
                "or fork it from an epoch before."
            )
        )
    start = _checkpoint(archive, run)
    if start is None and _begins_again(run):
        start = Checkpoint(0)
    if start is None:
        raise CannotBegin(
            lazy(
                "What is needed to go on from this run is not kept on this server any more. Press "
                "Train to start again with its settings."
            )
        )
    _check_epochs(start.epoch, epochs)
    goal = {"epochs": epochs}
    if passed_threshold(events):
        goal["early_stop"] = False
    begin = start.epoch
    changes = [c for c in data_of(events, LearningRateChange) if c.epoch <= begin]
    if changes and changes[-1].epoch >= run.parent_epoch:
        # Made when the epoch had ended, it may be later than the checkpoint.
        start = replace(start, rate_by_hand=changes[-1].learning_rate)
    pinned = [p for p in data_of(events, PinnedPrediction) if p.epoch < begin]
    history = _in_order(events, [*_epochs(events, begin), *changes, *pinned])
    return Beginning(run.id, run.config.model_copy(update=goal), start, history)


def fork(
    archive: Archive, run: RunInfo, events: list[Event], epoch: int, config: RunConfig
) -> Beginning:
    """What a run with other settings begins with: the weights that another one had at an epoch.

    Its optimizer goes on only where it is the same and its state is kept: at the last epoch.

    Args:
        archive: has the weights.
        run: has ended.
        events: its own.
        epoch: after which it forks, 0 is before training.
        config: the settings of the new run; `epochs` are those in all, that epoch included.

    Raises:
        CannotBegin: the settings are those of a network of another shape, or judged on other
            images, or have no epoch left; or the weights are not kept.
        StoreError: the store cannot be read.
    """
    _check_parent(run)
    check_fork(run, epoch, config)
    start = _kept(archive, run, epoch)
    if start is None or not start.fits(config):
        raise CannotBegin(
            lazy("The weights of this epoch are gone, or damaged. Choose another epoch.")
        )
    changes = [c for c in data_of(events, LearningRateChange) if c.epoch < epoch]
    history = _in_order(events, [*_epochs(events, epoch), *changes])
    return Beginning(run.id, config, start.forked(run.config, config), history)


def check_fork(run: RunInfo, epoch: int, config: RunConfig) -> None:
    """Whether a run with these settings can fork there.

    Raises:
        CannotBegin: it cannot.
    """
    before = run.config
    if config.hidden_layers != before.hidden_layers:
        raise CannotBegin(
            lazy(
                "A fork keeps the shape of its network: the hidden layers of that run have "
                "{before} units, those of these settings {now}. Set them back, or leave the fork.",
                before=_units(before),
                now=_units(config),
            )
        )
    if (config.train_images, config.fit_photos) != (before.train_images, before.fit_photos):
        raise CannotBegin(
            lazy(
                "A fork keeps the training and the validation images of its run: otherwise it "
                "would be judged on images that it has learned. Set “Training images” to "
                "{images:,} and “Validation share” to {share:.3f}, or leave the fork.",
                images=before.train_images,
                share=before.validation_split,
            )
        )
    if config.split_key != before.split_key:
        raise CannotBegin(
            lazy(
                "A fork keeps the training and the validation images of its run: otherwise it "
                "would be judged on images that it has learned. Set “Validation images by seed” "
                "and “Seed” to those of that run, or leave the fork."
            )
        )
    _check_epochs(epoch, config.epochs)


def _check_parent(run: RunInfo) -> None:
    if not run.status.ended:
        raise CannotBegin(lazy("This run has not ended yet. Stop it first, or wait for its end."))
    if run.foreign:
        raise CannotBegin(
            lazy("This run was made by another version of the playground: it cannot go on.")
        )


def _check_epochs(begin: int, epochs: int) -> None:
    if begin >= MOST_EPOCHS:
        raise CannotBegin(
            lazy("This run has {most} epochs, the most that a run can have.", most=MOST_EPOCHS)
        )
    if not begin < epochs <= MOST_EPOCHS:
        raise CannotBegin(
            lazy(
                "It begins after epoch {begin}: choose from {least} to {most} epochs in all.",
                begin=begin,
                least=begin + 1,
                most=MOST_EPOCHS,
            )
        )


def _checkpoint(archive: Archive, run: RunInfo) -> Checkpoint | None:
    """Where a run stands; None if that is not kept.

    Raises:
        CannotBegin: it is damaged.
    """
    try:
        found = archive.checkpoint(run.id)
    except ValueError as error:
        raise CannotBegin(
            lazy(
                "{problem} Fork from an epoch that is kept, or press Train to start again with its "
                "settings.",
                problem=error,
            )
        ) from error
    if found is not None and not found.fits(run.config):
        raise CannotBegin(lazy("What was kept of this run belongs to a network of another shape."))
    return found


def _kept(archive: Archive, run: RunInfo, epoch: int) -> Checkpoint | None:
    """A run's weights after an epoch, at its last one with the optimizer; None without them."""
    with suppress(ValueError):
        if archive.standing(run.id) == epoch:
            found = archive.checkpoint(run.id)
            if found is not None and found.layers:
                return found
    with suppress(ValueError):
        snapshot = archive.snapshot(run.id, epoch)
        if snapshot is not None:
            return Checkpoint(epoch, snapshot.network.layers, predicted=snapshot.predicted)
    return None


def _epochs(events: list[Event], begin: int) -> list[EventData]:
    return [epoch for epoch in data_of(events, EpochEnd) if epoch.epoch <= begin]


def _in_order(events: list[Event], chosen: list[EventData]) -> tuple[EventData, ...]:
    wanted = set(map(id, chosen))
    return tuple(event.data for event in events if id(event.data) in wanted)


def _units(config: RunConfig) -> str:
    return "-".join(map(str, config.hidden_layers)) or "0"
