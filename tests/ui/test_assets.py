"""How browsers get our JavaScript modules."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.locales import browser
from playground.ui import assets

UI = Path(assets.__file__).parent
ROUTES = [
    Route(assets.ROUTE, assets.serve),
    Route(assets.FONTS, assets.serve_font),
]
client = TestClient(Starlette(routes=ROUTES))


def test_a_module_is_served_as_javascript_and_kept() -> None:
    address = assets.addresses("board/board.js")[0]
    answer = client.get(address)
    assert answer.content == (UI / "board" / "board.js").read_bytes()
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert "max-age=31536000" in answer.headers["cache-control"]


def test_what_javascript_says_in_a_language_is_a_module_beside_them() -> None:
    [address] = assets.addresses(assets.catalogue("ko"))
    answer = client.get(address)
    assert "immutable" in answer.headers["cache-control"]
    said = json.loads(answer.text.removeprefix("export default ").removesuffix(";\n"))
    assert said == browser("ko")
    assert len(said) > 100


def test_plotly_js_is_beside_the_modules_and_kept() -> None:
    module = assets.addresses("common/plotly_page.js")[0]
    answer = client.get(module.replace("common/plotly_page.js", "vendor/plotly.min.js"))
    assert answer.text.startswith("/**")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "name",
    [
        *("server.py", "board/board.css", "board", "", "nothing.js", "../main.py"),
        *("%2e%2e/main.py", "board/../../main.py", "board/%2e%2e%2f%2e%2e%2fmain.py"),
        *("/etc/passwd", "..%5cmain.py", "board%2fboard.js%00"),
    ],
)
def test_nothing_else_is_served(name: str) -> None:
    version = assets.addresses("board/board.js")[0].removesuffix("board/board.js")
    assert client.get(version + name).status_code == 404


def test_another_version_is_not_served_as_this_one() -> None:
    address = assets.addresses("board/board.js")[0]
    assert client.get(re.sub("ui/[0-9a-f]+", "ui/0123456789abcdef", address)).status_code == 404


def test_the_version_is_another_one_when_a_module_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = assets.version()
    changed = assets.modules() | {"common/dom.js": b"export {};"}
    monkeypatch.setattr(assets, "modules", lambda: changed)
    assert assets.version.__wrapped__() != before


def test_a_module_that_is_not_there_has_no_address() -> None:
    with pytest.raises(KeyError):
        assets.addresses("board/nothing.js")


def test_all_that_a_module_imports_is_asked_for_with_it() -> None:
    first, *others = assets.addresses("inside/matrix.js")
    folder = first.removesuffix("inside/matrix.js")
    imported = {"common/dom.js", "common/particles.js", "common/translate.js", "inside/words.js"}
    assert set(others) == {folder + name for name in imported}
    board = assets.addresses("board/board.js")
    assert len(board) == len(set(board))
    # By way of board.js, charts.js and traces.js.
    assert folder + "board/thinning.js" in board


@pytest.mark.parametrize("name", assets.modules())
def test_a_module_imports_only_modules_beside_it(name: str) -> None:
    lines = assets.modules()[name].decode().splitlines()
    imports = [line for line in lines if re.match('import.* from |import "|} from ', line)]
    assert all(re.search(r'( from|^import) "\.[^"]+";$', line) for line in imports), imports
    for address in assets.addresses(name):
        assert client.get(address).status_code == 200


def test_the_fonts_that_the_style_sheet_asks_for_are_served_and_kept() -> None:
    sheet = (UI / "fonts" / "hangul.css").read_text("utf-8")
    addresses = re.findall(r'url\("([^"]+)"\)', sheet)
    names = {address.rpartition("/")[2] for address in addresses}
    assert names == assets.fonts().keys() - set(assets.SMALL_FONTS.values())
    for address in addresses:
        answer = client.get(address)
        assert answer.content.startswith(b"wOF2")
        assert answer.headers["content-type"] == "font/woff2"
        assert "immutable" in answer.headers["cache-control"]
    assert sum(map(len, assets.fonts().values())) < 1_000_000


def test_the_fonts_that_streamlit_asks_for_first_are_ours() -> None:
    static = Path(streamlit.__file__).parent / "static"
    index = (static / "index.html").read_text("utf-8")
    preloaded = re.findall(r'rel="preload"\s+href="\.([^"]+)"', index)
    icons = [f"/{path.relative_to(static)}" for path in static.rglob("MaterialSymbols*.woff2")]
    assert preloaded + icons == list(assets.SMALL_FONTS)
    ours = TestClient(assets.SmallFonts(Starlette(routes=ROUTES)))
    for address, most in zip(assets.SMALL_FONTS, (45_000, 16_000), strict=True):
        answer = ours.get(address)
        assert answer.content == assets.fonts()[assets.SMALL_FONTS[address]]
        assert answer.headers["content-type"] == "font/woff2"
        assert "immutable" in answer.headers["cache-control"]
        assert len(answer.content) < most
        assert ours.get(address + "x").status_code == 404
    assert ours.get("/assets/fonts/nanum-gothic-400.woff2").status_code == 200


def test_our_font_has_every_icon_that_a_page_shows() -> None:
    """Streamlit's own as well; a name that the font lacks would be shown as a word."""
    static = Path(streamlit.__file__).parent / "static" / "static" / "js"
    sources = [*UI.parent.rglob("*.py"), *UI.rglob("*.js"), *static.glob("*.js")]
    icon = re.compile(rb"\bmaterial/(\w+)")
    named = {name.decode() for path in sources for name in icon.findall(path.read_bytes())}
    kept = (UI / "fonts" / "playground-icons.txt").read_text("utf-8").split()
    assert named - {"star_filled"} <= set(kept)  # which Streamlit's own font lacks, too


def test_no_other_file_is_a_font() -> None:
    for name in ("LICENSE-nanum-gothic", "hangul.css", "..%2flayout.css", "nothing.woff2"):
        assert client.get(f"/assets/fonts/{name}").status_code == 404
