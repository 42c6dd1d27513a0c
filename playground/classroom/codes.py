"""What gets one into a class, and by what name one is known there."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
import unicodedata
from collections import deque

from playground.locales import Text, lazy, mark

# None of these is taken for another one, aloud or in handwriting; no vowels, so no words.
ALPHABET = "CDFHJKMNPRTVWXY34679"
CODE_LENGTH = 5
MOST_NICKNAME = 24

_ANIMALS = (
    *(mark("badger"), mark("bear"), mark("beaver"), mark("camel"), mark("cat"), mark("crane")),
    *(mark("deer"), mark("dolphin"), mark("duck"), mark("eagle"), mark("elephant"), mark("fox")),
    *(mark("frog"), mark("giraffe"), mark("goose"), mark("hare"), mark("hedgehog"), mark("heron")),
    *(mark("horse"), mark("koala"), mark("lion"), mark("lynx"), mark("magpie"), mark("mole")),
    *(mark("octopus"), mark("otter"), mark("owl"), mark("panda"), mark("penguin"), mark("rabbit")),
    *(mark("raven"), mark("seal"), mark("sparrow"), mark("squirrel"), mark("swan"), mark("tiger")),
    *(mark("turtle"), mark("whale"), mark("wolf"), mark("zebra")),
)
_COLOURS = (
    *(mark("Blue"), mark("Red"), mark("Green"), mark("Golden"), mark("Silver"), mark("Violet")),
    *(mark("White"), mark("Orange"), mark("Pink"), mark("Grey")),
)
MOST_ALIASES = len(_ANIMALS) * len(_COLOURS)


_MINUTE_SECONDS = 60


class Tries:
    """Counts tries within the last minute. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # guards the times
        self._times: deque[float] = deque()

    def full(self, most: int) -> bool:
        """Whether there have been so many."""
        now = time.monotonic()
        with self._lock:
            while self._times and self._times[0] <= now - _MINUTE_SECONDS:
                self._times.popleft()
            return len(self._times) >= most

    def count(self) -> None:
        """One more has been made."""
        with self._lock:
            self._times.append(time.monotonic())


def new_code() -> str:
    """A join code, `CODE_LENGTH` letters of `ALPHABET`."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_code(text: str) -> str:
    """A join code as somebody has typed it: in any case, with spaces or a hyphen."""
    letters = unicodedata.normalize("NFKC", text[:64]).upper()
    return "".join(letter for letter in letters if letter.isalnum())


def new_secret() -> str:
    """A secret that nobody guesses, for a link."""
    return secrets.token_urlsafe(16)


def same(given: str, secret: str) -> bool:
    """Whether a secret is right; how long it takes does not depend on where the two differ."""
    return bool(secret) and hmac.compare_digest(
        given.encode("utf-8", "surrogatepass"), secret.encode()
    )


def sign(key: str, class_id: str, audience: str) -> str:
    """The token with which a page gets what one audience of a class may see."""
    text = f"{class_id}:{audience}"
    mac = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
    return f"{text}:{mac}"


def read_token(token: str) -> tuple[str, str]:
    """The class and the audience that a token names; nothing says yet that it is right."""
    class_id, _, rest = token[:200].partition(":")
    return class_id, rest.partition(":")[0]


def alias(number: int) -> Text:
    """The colour and the animal by which a member is known where names are hidden.

    Args:
        number: of the member, 1 is the first; `MOST_ALIASES` in a row are different.
    """
    index = number - 1
    # A step that shares no factor with the number of animals meets all of them; neighbours in the
    # roster have neither the same animal nor the same colour.
    animal = _ANIMALS[(index * 7) % len(_ANIMALS)]
    colour = _COLOURS[(index + index // len(_ANIMALS)) % len(_COLOURS)]
    return lazy("{colour} {animal}", colour=lazy(colour), animal=lazy(animal))


def nickname(text: str) -> str:
    """A nickname on one line, of at most `MOST_NICKNAME` printable characters; may be empty."""
    plain = unicodedata.normalize("NFKC", text[: 4 * MOST_NICKNAME])
    line = " ".join("".join(c if c.isprintable() else " " for c in plain).split())
    return line[:MOST_NICKNAME].strip()
