"""Texts that activities and the quiz have in both languages: plain, and limited in length."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from playground.locales import lazy
from playground.locales.pseudo import PSEUDO, pseudo

MAX_TEXT = 2_000


def _plain(text: str) -> str:
    """Plain text, without white space around it; refuses what is no text in any language."""
    text = text.strip()
    if not text:
        raise ValueError(lazy("It is empty."))
    for sign in text:
        code = ord(sign)
        of_no_use = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or code == 0xFEFF
        if of_no_use or (unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n"):
            raise ValueError(
                lazy("It has the character U+{code:04X}, which is no text.", code=code)
            )
    return text


_Line = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_plain)]


class Data(BaseModel):
    """What cannot be changed, and has no field that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Words(Data):
    """A plain text in English and in Korean; each line is a paragraph."""

    en: _Line
    ko: _Line

    def text(self, language: str) -> str:
        """The text in a language of `playground.locales`; English where there is none."""
        if language == PSEUDO:
            return pseudo(self.en)
        return self._by_language().get(language) or self.en

    @property
    def longest(self) -> int:
        """Characters of the longest one of them."""
        return max(map(len, self._by_language().values()))

    def _by_language(self) -> dict[str, str]:
        return self.model_dump(exclude_none=True)


def _at_most(limit: int) -> AfterValidator:
    def check(words: Words) -> Words:
        if words.longest > limit:
            raise ValueError(lazy("It has more than {limit} characters.", limit=limit))
        return words

    return AfterValidator(check)


Title = Annotated[Words, _at_most(80)]
Sentence = Annotated[Words, _at_most(300)]
Option = Annotated[Words, _at_most(160)]
Reason = Annotated[Words, _at_most(600)]
