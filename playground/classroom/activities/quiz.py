"""The quiz of eight questions, asked before a lesson and after it: whether anybody learns.

The wrong options are what beginners often believe, so a lesson that works moves their answers.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from playground.classroom.activities.files import read_data
from playground.classroom.activities.schema import SLUG
from playground.classroom.activities.words import Words


class Question(BaseModel):
    """A question with one right option.

    Attributes:
        id: never changes and is never used again: stored answers and CSV files name it.
        right: the index of the right option.
        why: shown after the second time only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Annotated[str, Field(pattern=SLUG, max_length=40)]
    question: Words
    options: tuple[Words, ...] = Field(min_length=4, max_length=4)
    right: int = Field(ge=0, le=3)
    why: Words


_QUESTIONS = TypeAdapter(tuple[Question, ...])


@lru_cache
def questions() -> tuple[Question, ...]:
    """The eight, in the order in which they are asked."""
    text = (files("playground.classroom.activities") / "quiz.yaml").read_text(encoding="utf-8")
    return _QUESTIONS.validate_json(json.dumps(read_data(text)))
