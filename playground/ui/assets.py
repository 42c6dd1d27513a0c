"""Our JavaScript modules, as browsers import them.

Modules that import each other need addresses: the text that Streamlit takes for a component is
imported from a blob, which has none. Their version is part of the address, so browsers keep them.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_UI = Path(__file__).parent
ROUTE = "/assets/ui/{version}/{name:path}"
_IMPORT = re.compile(r'^import\b[^"]*"([^"]+)";$', re.MULTILINE)


@lru_cache(maxsize=1)
def modules() -> dict[str, bytes]:
    """Every module's text by its path below `ui`, as the files were when first asked for."""
    return {
        path.relative_to(_UI).as_posix(): path.read_bytes() for path in sorted(_UI.rglob("*.js"))
    }


@lru_cache(maxsize=1)
def version() -> str:
    """Another one whenever any module changes."""
    digest = hashlib.sha256()
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


async def serve(request: Request) -> Response:
    """`GET` on `ROUTE`: a module, or 404 where there is none of this name and version."""
    text = modules().get(request.path_params["name"])
    if text is None or request.path_params["version"] != version():
        return PlainTextResponse("There is no such module.", 404)
    return Response(
        text,
        # Said here: on some machines Python's table knows another type, and browsers refuse it.
        media_type="text/javascript",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
