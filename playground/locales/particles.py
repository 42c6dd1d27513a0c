"""Korean particles, which depend on the sound before them: `{name}[은/는]` becomes 은 or 는.

How a name in Latin letters or a number is read aloud decides; where no rule knows it, what is most
often right is taken. `ui/common/particles.js` is the same for the browser; one table tests both.
"""

from __future__ import annotations

_HANGUL_FIRST, _HANGUL_LAST, _FINALS = 0xAC00, 0xD7A3, 28
_FINAL_L = 8  # the place of ㄹ among the finals
# Of the digits as they are read last in a number (영, 일, 이, …; 십, 백, 천, 만 for 0).
_DIGITS = {"0": "n", "1": "l", "3": "n", "6": "n", "7": "l", "8": "l"}
# Of the names of letters: 엘, 엠, 엔, 알.
_LETTERS = {"L": "l", "M": "n", "N": "n", "R": "l"}
# Of English words, by how they end; the longest first.
_ENDINGS = (
    *(("out", "n"), ("ng", "n"), ("le", "l"), ("me", ""), ("ne", "")),
    *(("l", "l"), ("m", "n"), ("n", "n"), ("p", "n"), ("g", "n"), ("k", "n")),
)
_AROUND = " )]}”’\"'*_`»›"


def final(text: str) -> str:
    """How the last syllable ends: "" with a vowel, "l" with ㄹ, "n" with another consonant."""
    word = text.rstrip(_AROUND)
    if not word:
        return ""
    last = word[-1]
    if _HANGUL_FIRST <= ord(last) <= _HANGUL_LAST:
        index = (ord(last) - _HANGUL_FIRST) % _FINALS
        return "" if index == 0 else "l" if index == _FINAL_L else "n"
    if last.isdigit():
        return _DIGITS.get(last, "")
    if not (last.isascii() and last.isalpha()):
        return ""
    letters = ""
    for sign in reversed(word):
        if not (sign.isascii() and sign.isalpha()):
            break
        letters = sign + letters
    if letters.isupper():
        return _LETTERS.get(last, "")
    lower = letters.lower()
    return next((ends for ending, ends in _ENDINGS if lower.endswith(ending)), "")


def particle(before: str, with_final: str, without: str) -> str:
    """The particle that follows a word.

    Args:
        before: the word, a name or a number.
        with_final: after a consonant, such as 은, 이, 을, 과, 으로.
        without: after a vowel, such as 는, 가, 를, 와, 로.
    """
    ends = final(before)
    if ends == "l" and with_final == "으로":  # 서울로, not 서울으로
        return without
    return with_final if ends else without
