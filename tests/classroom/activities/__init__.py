"""Activities of any kind."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from playground.classroom.activities import Activity, Choice, Curve, Jigsaw, Number, Words
from playground.config import RunConfig
from tests.test_config import CONFIGS

_ANY = st.characters(exclude_categories=("Cc", "Cs"))
_SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)


def _usable(text: str) -> bool:
    codes = [ord(sign) for sign in text]
    return bool(text.strip()) and not any(
        code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or code == 0xFEFF for code in codes
    )


def words(most: int) -> st.SearchStrategy[Words]:
    """Words of at most so many characters, in any script; some are what YAML takes for others."""
    awkward = st.sampled_from(
        [
            "no",
            "1e-3",
            "0x1F",
            "null",
            "- a",
            "a: b",
            "{",
            "2026-01-01",
            "12:30",
            "'",
            "~",
            "=",
            "<<",
        ]
    )
    texts = st.one_of(
        awkward, st.text(_ANY, min_size=1, max_size=most), st.text("a\n: #", min_size=1, max_size=9)
    ).filter(_usable)
    return st.builds(Words, en=texts, ko=texts)


_CHOICES = st.lists(words(160), min_size=2, max_size=6).flatmap(
    lambda options: st.builds(
        Choice,
        kind=st.just("choice"),
        question=words(300),
        options=st.just(tuple(options)),
        right=st.none() | st.integers(0, len(options) - 1),
        because=st.none() | words(600),
    )
)
_NUMBERS = st.builds(
    Number,
    kind=st.just("number"),
    question=words(300),
    low=st.floats(-1e6, 0),
    high=st.floats(1e-9, 1e6),
    of=st.sampled_from(["val_accuracy", "val_loss", "accuracy", "loss", "seconds"]),
    decimals=st.integers(0, 4),
)
_JIGSAWS = st.builds(
    lambda rates, sizes: Jigsaw.model_validate_json(
        json.dumps({"axes": [["learning_rate", rates], ["batch_size", sizes]]})
    ),
    st.lists(st.sampled_from([0.001, 0.01, 0.1]), min_size=2, max_size=3, unique=True),
    st.lists(st.sampled_from([16, 32, 512]), min_size=2, max_size=3, unique=True),
)


def _activity(config: RunConfig, kept: set[str], jigsaw: Jigsaw | None, **rest: Any) -> Activity:
    settings = {name: v for name, v in config.model_dump(mode="json").items() if name in kept}
    return Activity(settings=settings, jigsaw=jigsaw, free=(), **rest)


ACTIVITIES = st.builds(
    _activity,
    CONFIGS,
    st.sets(st.sampled_from(sorted(RunConfig.model_fields))),
    st.none() | _JIGSAWS,
    id=_SLUGS,
    title=words(80),
    concept=st.none() | st.integers(1, 11),
    lesson=st.just("") | _SLUGS,
    minutes=st.integers(1, 90),
    text=words(2_000),
    prediction=st.none() | _CHOICES | _NUMBERS,
    runs=st.none() | st.integers(1, 20),
    goal=st.none() | words(300),
    question=st.none() | words(300),
    draw=st.booleans(),
    sealed=st.booleans(),
)

CURVE = Curve.model_validate(
    {"kind": "curve", "question": {"en": "How?", "ko": "?"}, "metric": "loss", "epochs": 5}
)
LEAST: dict[str, Any] = {
    "id": "a",
    "title": {"en": "A", "ko": "가"},
    "minutes": 1,
    "text": {"en": "Text", "ko": "글"},
}
