"""Our JavaScript modules, plotly.js and our fonts, as browsers load them.

Modules that import each other need addresses: the text that Streamlit takes for a component is
imported from a blob, which has none. Their version is part of the address, so browsers keep them.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from functools import lru_cache
from pathlib import Path

import plotly
import streamlit
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.locales import browser, languages

_UI = Path(__file__).parent
ROUTE = "/assets/ui/{version}/{name:path}"
# Beside the modules: the one that the Python package brings (common/plotly_page.js).
_PLOTLY = "vendor/plotly.min.js"
_PLOTLY_FILE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
FONTS = "/assets/fonts/{name}"
# Streamlit's page asks for its font before all else: 170 KB, on a slow line more than a second. In
# its place goes a part of it, 40 KB: Latin and Greek letters, arrows and other signs, all weights.
# (fontTools' pyftsubset, features kern and liga, of version 3.052.) The rest is the device's.
_MEDIA = Path(streamlit.__file__).parent / "static" / "static" / "media"
_TEXT = {
    f"/static/media/{path.name}": "playground-text.woff2"
    for path in sorted(_MEDIA.glob("SourceSansVF-Upright.*.woff2"))
}
# Its script asks at once for all 4000 icons: 375 KB, before what a page needs to work. In their
# place go those that Streamlit's pages and ours show, 14 KB; playground-icons.txt names them.
# (pyftsubset with their glyphs, a to z, 0 to 9 and _, feature rlig, --no-layout-closure, of version
# 2.980.) Another Streamlit may show others: its own font stays.
_ICONS = {"/static/media/MaterialSymbols-Rounded.nEdyypZU.woff2": "playground-icons.woff2"}
SMALL_FONTS = _TEXT | _ICONS
_IMPORT = re.compile(r'^import\b[^"]*"([^"]+)";$', re.MULTILINE)


@lru_cache(maxsize=1)
def modules() -> dict[str, bytes]:
    """Every module's text by its path below `ui`, as the files were when first asked for.

    With them what JavaScript says in each language: browsers keep it, too.
    """
    files = {
        path.relative_to(_UI).as_posix(): path.read_bytes() for path in sorted(_UI.rglob("*.js"))
    }
    said = {
        catalogue(one): f"export default {json.dumps(browser(one), ensure_ascii=False)};\n".encode()
        for one in languages()
    }
    return files | said


def catalogue(language: str) -> str:
    """The path of the module with what JavaScript says in a language of `languages()`."""
    return f"locales/{language}.js"


@lru_cache(maxsize=1)
def version() -> str:
    """Another one whenever any module or plotly.js changes."""
    digest = hashlib.sha256(plotly.__version__.encode())
    for name, text in modules().items():
        digest.update(f"{name}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()[:16]


@lru_cache
def addresses(*names: str) -> list[str]:
    """Where modules and all that they import are served, themselves first.

    Args:
        names: their paths below `ui`.

    Raises:
        KeyError: there is no such module.
    """
    found = [*names]
    for module in found:  # it grows meanwhile
        for other in _IMPORT.findall(modules()[module].decode()):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(module), other))
            if path not in found:
                found.append(path)
    return [f"/assets/ui/{version()}/{path}" for path in found]


@lru_cache(maxsize=1)
def fonts() -> dict[str, bytes]:
    """Every font by its file's name. Another font gets another name: browsers keep them."""
    return {path.name: path.read_bytes() for path in (_UI / "fonts").glob("*.woff2")}


async def serve_font(request: Request) -> Response:
    """`GET` on `FONTS`: a font, or 404 where there is none of this name."""
    font = fonts().get(request.path_params["name"])
    if font is None:
        return PlainTextResponse("There is no such font.", 404)
    return Response(font, media_type="font/woff2", headers=_FOR_EVER)


class SmallFonts:
    """ASGI middleware that answers with our fonts where Streamlit's page asks for its larger ones.

    A route cannot: Streamlit keeps its addresses to itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the font, or let the app answer."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or scope["method"] != "GET" or path not in SMALL_FONTS:
            await self.app(scope, receive, send)
            return
        font = Response(fonts()[SMALL_FONTS[path]], media_type="font/woff2", headers=_FOR_EVER)
        await font(scope, receive, send)


async def serve(request: Request) -> Response:
    """`GET` on `ROUTE`: a module, or 404 where there is none of this name and version."""
    name = request.path_params["name"]
    text = modules().get(name)
    if (text is None and name != _PLOTLY) or request.path_params["version"] != version():
        return PlainTextResponse("There is no such module.", 404)
    # Said here: on some machines Python's table knows another type, and browsers refuse it.
    media_type = "text/javascript"
    if text is None:
        return FileResponse(_PLOTLY_FILE, media_type=media_type, headers=_FOR_EVER)
    return Response(text, media_type=media_type, headers=_FOR_EVER)
