"""About how long runs will take, from how long others have taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from playground.config import RunConfig

# On a common processor: seconds for a parameter and an image, for a step, for a parameter's update,
# and of an epoch beside its steps. What was measured on this server counts more: these only say how
# sizes compare, and no server is believed to be further from it than this factor.
_PRODUCT, _STEP, _UPDATE, _EPOCH = 5.5e-11, 1e-5, 4e-10, 0.05
_FURTHEST = 4.0
# Seconds of a run beside its epochs, and for a network that nobody has compiled yet.
_BESIDE, _COMPILE = 0.5, 0.8
# So many of the newest runs are looked at.
NEWEST = 50


def epoch_cost(config: RunConfig) -> float:
    """How much an epoch takes, to be compared with others: seconds on a common processor."""
    products = _PRODUCT * config.parameters * config.fit_images
    return _EPOCH + products + config.steps_per_epoch * (_STEP + _UPDATE * config.parameters)


def epoch_seconds(config: RunConfig, measured: Sequence[tuple[RunConfig, float]]) -> float:
    """About how many seconds an epoch takes.

    Args:
        config: of the run.
        measured: configurations and the seconds of their epochs, the newest first. Those of the
            same network and data count if there are any, else all in proportion.
    """
    newest = measured[:NEWEST]
    same = [seconds for one, seconds in newest if one.compile_key == config.compile_key]
    if same:
        return median(same)
    factor = median([seconds / epoch_cost(one) for one, seconds in newest] or [1.0])
    return epoch_cost(config) * min(max(factor, 1 / _FURTHEST), _FURTHEST)


def run_seconds(config: RunConfig, measured: Sequence[tuple[RunConfig, float]]) -> float:
    """About how many seconds a run takes that does all of its epochs."""
    return _BESIDE + config.epochs * epoch_seconds(config, measured)


def sweep_seconds(
    configs: Sequence[RunConfig],
    measured: Sequence[tuple[RunConfig, float]],
    workers: int,
    others: Iterable[float] = (),
) -> float:
    """About how many seconds it is until the last of these runs ends.

    Owners take turns: while another owner has work, half of the workers train it.

    Args:
        configs: the runs of one owner.
        measured: as for `epoch_seconds`.
        workers: runs that train at once, 1 or more.
        others: seconds of work that each other owner has waiting or training.
    """
    if not configs:
        return 0.0
    known = {one.compile_key for one, _ in measured[:NEWEST]}
    of_shape: dict[str, float] = {}
    each = []
    for config in configs:
        shape = config.compile_key
        if shape not in of_shape:
            of_shape[shape] = epoch_seconds(config, measured)
        each.append(_BESIDE + config.epochs * of_shape[shape])
    own = sum(each) + _COMPILE * len(of_shape.keys() - known)
    return max((own + sum(min(other, own) for other in others)) / workers, max(each))
