"""How large a t statistic must be for a user who looks after every seed until something shows.

Differences between two settings, one for each seed, are looked at after `FIRST_LOOK` seeds and
after each further one. That |t| exceeds `critical(k)` at any of all these looks, without end, has a
probability of 5 % if the settings are equal and the differences normal, whatever their deviation.
The 5 % are spent bit by bit (Lan & DeMets 1983, Biometrika 70, 659), and each bit is computed
exactly, not approximately by normal boundaries (Jennison & Turnbull 1991, Biometrika 78, 133).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import interpolate, optimize, special, stats

LEVEL = 0.05
FIRST_LOOK = 3

_Floats = NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)
# Normal deviations beyond which a newest difference is so improbable that it adds nothing.
_FAR = 9.0


def spent(seeds: int) -> float:
    """How much of the 5 % all looks up to this number of seeds may take.

    2/10 of it at the first look, 7/10 up to ten seeds, and never all. A smaller power would find
    large differences earlier, and those of two deviations later; a greater one the other way round.
    """
    return LEVEL * math.pow(1 - (FIRST_LOOK - 1) / seeds, 1.5)


@cache
def critical(seeds: int) -> float:
    """The |t| of `seeds` differences above which they show that the settings differ.

    Args:
        seeds: `FIRST_LOOK` or more; each number that is asked for the first time takes 3 ms.
    """
    # One after the other, so that the recursion does not become deep.
    for earlier in range(FIRST_LOOK, seeds):
        _look(earlier)
    return _look(seeds).critical


@dataclass(frozen=True)
class _Look:
    """One look: its critical value, and what had happened before a certain t comes about.

    `quiet` is a spline over the angle φ: the probability that no earlier look was exceeded, given
    that now |t| = end·sin φ. For |t| above `end`, the one before was exceeded for certain.
    """

    critical: float
    end: float
    quiet: interpolate.CubicSpline | None

    def quiet_before(self, t: _Floats) -> _Floats:
        if self.quiet is None:
            return np.ones_like(t)
        return np.asarray(self.quiet(np.arcsin(np.minimum(np.abs(t) / self.end, 1.0))))


@cache
def _look(seeds: int) -> _Look:
    allowed = spent(seeds) - spent(seeds - 1)
    if seeds == FIRST_LOOK:
        return _Look(float(stats.t.isf(allowed / 2, seeds - 1)), np.inf, None)
    before = _look(seeds - 1)
    end = float(np.sqrt(1 + before.critical**2 * seeds / (seeds - 2)))
    angles = np.linspace(0, np.pi / 2, 64)
    quiet = interpolate.CubicSpline(angles, _quiet(end * np.sin(angles), seeds, before))

    def exceeds(t: float) -> float:
        """Probability of |t| above this now and of no exceeding before."""
        start = np.arcsin(t / end)
        half = (np.pi / 2 - start) / 2
        phi = start + half * (1 + _NODES)
        density = quiet(phi) * stats.t.pdf(end * np.sin(phi), seeds - 1) * end * np.cos(phi)
        return float(2 * half * (_WEIGHTS * density).sum())

    found = optimize.brentq(lambda t: exceeds(t) - allowed, 0.0, end)
    return _Look(float(found), end, quiet)


def _quiet(t: _Floats, seeds: int, before: _Look) -> _Floats:
    """The probability that no look before this one was exceeded, given what t is now.

    The newest difference is x, the mean of all m, their deviation s. Under equal settings,
    b = (x - m)·√n / ((n - 1)·s) is independent of t, with a density proportional to
    (1 - b²)^((n - 4)/2) on -1 to 1; and without x, t was (t - b)·√((n - 2)/n) / √(1 - b²).
    """
    ratio, limit = (seeds - 2) / seeds, before.critical
    t = t[:, None]
    # Where t was within the limit: between the roots of a quadratic equation in b.
    middle = ratio * t / (ratio + limit**2)
    half = limit * np.sqrt(np.maximum(ratio * (1 - t**2) + limit**2, 0)) / (ratio + limit**2)
    far = _FAR / np.sqrt(seeds)
    low, high = np.maximum(middle - half, -far), np.minimum(middle + half, far)
    half = np.maximum(high - low, 0) / 2
    b = low + half * (1 + _NODES)
    was = (t - b) * np.sqrt(ratio / (1 - b**2))
    density = (1 - b**2) ** ((seeds - 4) / 2) / special.beta(0.5, (seeds - 2) / 2)
    return np.asarray((half * _WEIGHTS * density * before.quiet_before(was)).sum(axis=1))
