"""Put a component of ours, HTML with its CSS and JavaScript, on the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from playground.locales import SOURCE_LANGUAGE, language
from playground.ui import assets

_UI = Path(__file__).parents[1]

# Streamlit imports this from a blob, whose own address is no base for others. All modules are asked
# for at once: none has to wait until another one says that it imports it. What the page has is not
# asked for again: sixty imports take as long as a frame, and this runs with every script run.
_JS = """
const addresses = %s;
const loaded = (globalThis.playgroundModules ??= new Map());
const load = (address) => {
  if (!loaded.has(address)) {
    const loading = import(location.origin + address);
    loaded.set(address, loading);
    loading.catch(() => loaded.delete(address)); // a later call tries again
  }
  return loaded.get(address);
};
export default async (component) => {
  const [{ default: show }, { speak }, { default: catalogue }] = await Promise.all(
    addresses.map(load),
  );
  speak(%s, catalogue);
  return show(component);
};
"""


def mount(
    name: str, html: str, css: str | tuple[str, ...], js: str, **options: Any
) -> Mapping[str, object]:
    """Mount a component; returns its result.

    It is registered with every script run, which changes nothing: before Streamlit 1.67 a new
    runtime, which each AppTest makes, knows no component that was registered at import.

    Args:
        name: of the component.
        html: its elements, with words in the visitor's language.
        css: a file below `ui`, or several.
        js: a module below `ui`, whose default export Streamlit calls.
        options: as Streamlit's components take them: key, data, on_…_change.
    """
    spoken = language()
    # One server shows the same component in several languages: each has a definition of its own.
    if spoken != SOURCE_LANGUAGE:
        name = f"{name}_{spoken}"
    modules = assets.addresses(js, "common/translate.js", assets.catalogue(spoken))
    component = st.components.v2.component(
        name,
        html=html,
        css="\n".join(map(_read, (css,) if isinstance(css, str) else css)),
        js=_JS % (json.dumps(modules), json.dumps(spoken)),
        isolate_styles=False,
    )
    result: Mapping[str, object] = component(**options)
    return result


@lru_cache
def _read(name: str) -> str:
    return (_UI / name).read_text("utf-8")
