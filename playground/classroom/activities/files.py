"""An activity as a text, a file or a link, and back; whatever comes in, it is valid or named."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable
from typing import ClassVar, NoReturn

import yaml
from pydantic import ValidationError

from playground.classroom.activities.errors import ActivityError, of_validation
from playground.classroom.activities.schema import Activity
from playground.locales import lazy

MAX_BYTES = 64 * 1024
# Base64 makes four characters of three bytes.
MAX_LINK = MAX_BYTES * 4 // 3 + 4
# An activity has seven levels; a text with more of them is none.
MAX_DEPTH = 12
_LINK = re.compile(r"[A-Za-z0-9_-]+")
# What a plain word of YAML 1.2 means (its core schema, yaml.org/spec/1.2.2, 10.3.2). PyYAML's own
# rules are those of 1.1, where “no” is false and 1e-3 is a word.
_PLAIN = {
    "tag:yaml.org,2002:null": r"~|null|Null|NULL|",
    "tag:yaml.org,2002:bool": r"true|True|TRUE|false|False|FALSE",
    "tag:yaml.org,2002:int": r"[-+]?[0-9]{1,18}",
    "tag:yaml.org,2002:float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?",
}


def load(text: str) -> Activity:
    """Read an activity from YAML or JSON.

    Anchors, aliases and tags of YAML are refused: an activity has no use for them, and a few lines
    with them can fill the memory.

    Args:
        text: at most 64 KiB in UTF-8.

    Raises:
        ActivityError: it is no such text, or a field cannot be used; the message names it.
    """
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        raise ActivityError(
            lazy("An activity may have {limit} KiB at most.", limit=MAX_BYTES // 1024)
        )
    return _validated(read_data(text))


def dump(activity: Activity) -> str:
    """The activity as YAML, which `load` reads; what is at its default is left out."""
    written: str = yaml.dump(
        activity.model_dump(mode="json", exclude_defaults=True),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )
    return written


def to_link(activity: Activity) -> str:
    """The activity in letters, digits, - and _, for an address."""
    packed = zlib.compress(_json(activity.model_dump(mode="json", exclude_defaults=True)), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def from_link(link: str) -> Activity:
    """The activity that `to_link` has made a link of.

    Raises:
        ActivityError: it is no such link, or of no activity that can be used.
    """
    if len(link) > MAX_LINK or not _LINK.fullmatch(link):
        raise ActivityError(_BROKEN_LINK)
    reader = zlib.decompressobj()
    try:
        packed = base64.urlsafe_b64decode(link + "=" * (-len(link) % 4))
        text = reader.decompress(packed, MAX_BYTES + 1).decode()
    except (binascii.Error, zlib.error, ValueError) as error:
        raise ActivityError(_BROKEN_LINK) from error
    if not reader.eof:  # cut off, or larger than any activity
        raise ActivityError(_BROKEN_LINK)
    return load(text)


_BROKEN_LINK = lazy("This link holds no whole activity. Copy all of it, or ask for the file.")


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _validated(data: object) -> Activity:
    """Data as an activity: through JSON, since lists are tuples there, and all other types hold."""
    if not isinstance(data, dict):
        raise ActivityError(lazy("An activity is a list of fields, such as “id: my-activity”."))
    try:
        return Activity.model_validate_json(json.dumps(data, allow_nan=False))
    except ValidationError as error:
        raise of_validation(error) from error
    except ValueError as error:  # a number that is infinite, or of thousands of digits
        raise ActivityError(lazy("A number in it is too large.")) from error


def read_data(text: str) -> object:
    """The data of a JSON text, or else of a YAML text; only what JSON can say.

    Raises:
        ActivityError: it is neither, or says more than that.
    """
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text, object_pairs_hook=_fields, parse_constant=_no_number)
        except (json.JSONDecodeError, RecursionError):
            pass  # maybe it is YAML, which begins so, too
        except ValueError as error:
            if isinstance(error, ActivityError):
                raise
            raise ActivityError(lazy("A number in it is too large.")) from error
    try:
        return _read_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark is None:
            raise ActivityError(lazy("This is neither YAML nor JSON.")) from error
        raise ActivityError(
            lazy("This is no YAML from line {line} on.", line=mark.line + 1)
        ) from error


def _read_yaml(text: str) -> object:
    """The data of a YAML text; only what JSON can say, too.

    Raises:
        ActivityError: it says more than that.
        yaml.YAMLError: it is no YAML.
    """
    depth = 0
    # Before anything is built: the parser gives event by event, whatever is nested in the text.
    for event in yaml.parse(text, Loader=_Loader):
        if getattr(event, "anchor", None):
            raise ActivityError(lazy("Anchors and aliases of YAML cannot be used in an activity."))
        if getattr(event, "tag", None):
            raise ActivityError(lazy("Tags of YAML cannot be used in an activity."))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ActivityError(lazy("Its fields are nested too deeply."))
    return yaml.load(text, Loader=_Loader)


def _fields(pairs: Iterable[tuple[object, object]]) -> dict[str, object]:
    """An object of JSON, or a mapping of YAML; refuses a name that comes twice."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if not isinstance(name, str):
            raise ActivityError(lazy("The name of a field must be a word."))
        if name in found:
            raise ActivityError(lazy("The field “{field}” is there twice.", field=name[:40]))
        found[name] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise ActivityError(lazy("{name} is no number that can be used.", name=name))


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    yaml_implicit_resolvers: ClassVar[dict[str, object]] = {}
    yaml_constructors: ClassVar[dict[str, object]] = {}


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Quotes what is no word to either version of YAML, so that other programs read it, too."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, object]:
    return _fields(
        [
            (loader.construct_object(key, deep=True), loader.construct_object(value, deep=True))
            for key, value in node.value
        ]
    )


def _set_up() -> None:
    for tag, pattern in _PLAIN.items():
        for kind in (_Loader, _Dumper):
            kind.add_implicit_resolver(tag, re.compile(rf"(?:{pattern})\Z"), None)
    for name in ("null", "bool", "str", "seq"):
        construct = getattr(yaml.SafeLoader, f"construct_yaml_{name}")
        _Loader.add_constructor(f"tag:yaml.org,2002:{name}", construct)
    _Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
    _Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))
    _Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


_set_up()
