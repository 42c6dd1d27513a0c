"""The types of a run's events for the JavaScript: `python -m tests.ui.event_types` writes them."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from playground.events import EVENT_MODELS
from tests.ui.javascript import ROOT

FILE = ROOT / "playground" / "ui" / "board" / "events.d.ts"

_HEAD = """\
// A run's events as browsers get them. Made of playground/events.py: python -m tests.ui.event_types
"""
_TAIL = """
export type Kind = keyof Data;

/** Seq 0 is not kept. */
export type Event = { [K in Kind]: { seq: number; kind: K; data: Data[K] } }[Kind];
"""
_PLAIN = {
    **{"string": "string", "boolean": "boolean", "null": "null"},
    **{"number": "number", "integer": "number"},
}


def declarations() -> str:
    """The file's contents."""
    by_kind, schema = TypeAdapter.json_schemas(
        ((kind, "validation", TypeAdapter(model)) for kind, model in EVENT_MODELS.items()),
        ref_template="{model}",
    )
    kinds = [f"  {kind}: {by_kind[kind, 'validation']['$ref']};\n" for kind in EVENT_MODELS]
    return "".join(
        [
            _HEAD,
            *(_declaration(name, definition) for name, definition in schema["$defs"].items()),
            "\n/** What happened, by the event's kind. */\nexport interface Data {\n",
            *kinds,
            "}\n",
            _TAIL,
        ]
    )


def _declaration(name: str, schema: dict[str, Any]) -> str:
    head = "\n" + _comment(schema)
    if schema.get("type") != "object":
        return f"{head}export type {name} = {_type(schema)};\n"
    required = schema.get("required", [])
    fields = [
        f"{_comment(field, '  ')}  {key}{'' if key in required else '?'}: {_type(field)};\n"
        for key, field in schema["properties"].items()
    ]
    return f"{head}export interface {name} {{\n{''.join(fields)}}}\n"


def _comment(schema: dict[str, Any], indent: str = "") -> str:
    text = " ".join(schema.get("description", "").split())
    return f"{indent}/** {text} */\n" if text else ""


def _type(schema: dict[str, Any]) -> str:
    match schema:
        case {"$ref": name}:
            return str(name)
        case {"anyOf": choices}:
            return " | ".join(map(_type, choices))
        case {"enum": values}:
            return " | ".join(f'"{value}"' for value in values)
        case {"prefixItems": items}:
            return f"[{', '.join(map(_type, items))}]"
        case {"type": "array", "items": items}:
            return f"{_type(items)}[]"
        case _:
            return _PLAIN[schema["type"]]


if __name__ == "__main__":
    FILE.write_text(declarations(), "utf-8")
