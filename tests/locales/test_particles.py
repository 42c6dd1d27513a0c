from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.locales.particles import particle

CASES = json.loads((Path(__file__).parents[1] / "fixtures/particles.json").read_text("utf-8"))


@pytest.mark.parametrize(("word", "with_final", "without", "right"), CASES)
def test_a_particle_fits_the_sound_before_it(
    word: str, with_final: str, without: str, right: str
) -> None:
    assert particle(word, with_final, without) == right
