"""What no browser of good will sends: picture bombs, forged drawings, huge files, odd requests."""

from __future__ import annotations

import asyncio
import json
import struct
import zlib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from playground.drawing.photo import MAX_PIXELS
from playground.settings import settings
from playground.store.runs import Store
from playground.ui.common.guard import MAX_MESSAGE_BYTES
from tests.benchmarks.session import Session
from tests.chaos.crowd import stored
from tests.chaos.report import Peak, Report, memory, quiet, serving, somebody_else
from tests.chaos.student import run_of
from tests.conftest import NETWORK
from tests.e2e import server as app

_AT_ONCE = 5


@contextmanager
def _with_a_network() -> Iterator[tuple[app.Server, str]]:
    """A server, and a run on it whose network judges drawings."""
    with serving() as server:
        server.stop()
        [run_id] = stored(server.home, 1, 3)
        store = Store(server.home)
        store.save_artefact(run_id, "network.npz", NETWORK.to_bytes())
        store.close()
        server.start()
        yield server, run_id


async def _harm(
    report: Report, server: app.Server, do: Callable[[], Awaitable[None]], peak: int, kept: int
) -> None:
    """Do something while another user turns knobs; judge what it costs.

    Args:
        report: gets the figures.
        server: whom it is done to.
        do: does it.
        peak, kept: the most that the web process may hold meanwhile and afterwards, MiB more.
    """
    await _visit(server)
    before = memory(server)
    with quiet(report, server), Peak(server) as held:
        async with somebody_else(server.url) as pages:
            await do()
    report.limit("memory of the web process at the most, MiB more", held.more, peak)
    report.limit("memory of the web process afterwards, MiB more", memory(server) - before, kept)
    report.limit("another page's slowest answer meanwhile, seconds", max(pages), 0.5)


async def _visit(server: app.Server) -> None:
    """What a first visit costs is not the harm."""
    async with somebody_else(server.url):
        await asyncio.sleep(1)


async def _draw(server: app.Server, run_id: str) -> Session:
    """A student on Draw."""
    page = await Session.open(server.url, f"run={run_id}")
    page.page = "draw"
    await page.rerun()
    return page


def _png(side: int, depth: int, colour: int) -> bytes:
    """A square picture that is all 0."""
    channels = {0: 1, 6: 4}[colour]
    row = bytes(1 + side * depth * channels // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    )


def pictures(short: bool) -> Report:
    """Picture bombs, several at once, and then the largest pictures that are taken."""
    report = Report("pictures")
    bomb, largest = _png(28_000, 1, 0), _png(int(MAX_PIXELS**0.5), 8, 6)
    report.measured["a bomb, kB"] = len(bomb) // 1000
    with _with_a_network() as (server, run_id):

        async def do() -> None:
            pages = [await _draw(server, run_id) for _ in range(_AT_ONCE)]
            for picture, words in ((bomb, "million pixels"), (largest, "Nothing stands out")):
                await asyncio.gather(*(_show(report, page, picture, words) for page in pages))
            for page in pages:
                await page.close()

        asyncio.run(_harm(report, server, do, 350, 250))
    return report


async def _show(report: Report, page: Session, picture: bytes, words: str) -> None:
    photo: dict[str, Any] = {"Draw with": "Photo"}
    await page.rerun(**photo)
    file = await page.upload("picture.png", picture)
    await page.rerun(**photo, Photo=file)
    report.expect(words in " ".join(page.said), f"The page says: {page.said}")


def drawings(short: bool) -> Report:
    """Forged drawings, as large as a message may be, and larger."""
    report = Report("drawings")
    url = "data:image/png;base64,"
    forged = [
        _drawing([{"tool": "pen", "points": [0.5] * 590_000}]),
        _drawing([{"tool": "pen", "points": [0.5] * 3}] * 67_000),
        _drawing([], url + "A" * 2_900_000),
        _drawing({"tool": ["pen"] * 420_000}),
    ]
    bomb = _drawing([], url + b64encode(_png(28_000, 1, 0)).decode())
    beyond = [_drawing([], "A" * size) for size in (MAX_MESSAGE_BYTES, 9_000_000, 15_000_000)]
    with _with_a_network() as (server, run_id):

        async def do() -> None:
            page = await _draw(server, run_id)
            for drawing in forged * (1 if short else 4):
                await page.rerun(sketchpad=drawing)
                said = " ".join(page.said)
                named = "too large" in said or "could not be read" in said
                report.expect(named, f"The page says: {said}")
            await page.rerun(sketchpad=bomb)  # no paper is so large: there is nothing to judge
            await page.close()
            for drawing in beyond:
                await _send_in_vain(report, await _draw(server, run_id), drawing)

        asyncio.run(_harm(report, server, do, 250, 150))
    return report


async def _send_in_vain(report: Report, page: Session, drawing: bytes) -> None:
    try:
        await page.rerun(sketchpad=drawing)
    except ConnectionClosed:
        return
    report.expect(False, f"A message of {len(drawing):,} bytes was taken.")


def _drawing(strokes: Any, png: str = "") -> bytes:
    return json.dumps({"drawing": {"version": 1, "strokes": strokes, "png": png}}).encode()


def imports(short: bool) -> Report:
    """Files of drawings: larger than is taken, and exactly as large as that."""
    report = Report("imports")
    most = 200_000 if short else settings().max_import_bytes
    files = {size: _ndjson(size) for size in (4_900_000, most)}
    with serving(PLAYGROUND_MAX_IMPORT_BYTES=str(most)) as server:

        async def do() -> None:
            page = await Session.open(server.url, "")
            page.page = "sketchbook"
            await page.rerun()
            for size, contents in files.items():
                file = await page.upload("drawings.ndjson", contents)
                took = await page.rerun(press="Import", **{"Drawings to import": file})
                words = "is larger than" if size > most else "New in the sketchbook"
                report.measured[f"a file of {size:,} bytes, seconds"] = round(took, 3)
                report.expect(words in " ".join(page.said), f"The page says: {page.said}")
            await page.close()

        asyncio.run(_harm(report, server, do, 250, 150))
    return report


def _ndjson(size: int) -> bytes:
    """A file of exactly this size: drawings with as many lines as a hand makes, none twice."""
    lines: list[str] = []
    left = size
    while left:
        count = len(lines)
        across = [(7 * point * (count + 1)) % 256 for point in range(60)]
        drawing = [[across, [(11 * x + count) % 256 for x in across]]] * 4
        line = json.dumps({"word": "shirt", "drawing": drawing}) + "\n"
        lines.append(line if len(line) <= left else " " * left)
        left -= len(lines[-1])
    return "".join(lines).encode()


def requests(short: bool) -> Report:
    """Odd headers: a seq beyond any, a cookie beyond any, names of other hosts."""
    report = Report("requests")
    with _with_a_network() as (server, run_id), quiet(report, server):
        asyncio.run(_ask_oddly(report, server, run_id))
    return report


async def _ask_oddly(report: Report, server: app.Server, run_id: str) -> None:
    async with httpx2.AsyncClient(timeout=30) as client:
        stream = f"{server.url}api/runs/{run_id}/events"
        plain = (await client.get(stream)).text
        for last in (2**63 - 1, 2**63, 2**64, 10**4000, -1, "💥".encode(), b"\xff", "1e3", ""):
            value = last if isinstance(last, bytes) else str(last).encode()
            answer = await client.get(stream, headers={b"Last-Event-ID": value})
            report.expect(
                answer.status_code == 200 and answer.text in (plain, ""),
                f"Last-Event-ID {value[:30]!r}: {answer.status_code} {answer.text[:100]}",
            )
        for host in ("evil.example", "localhost.evil.example", "[::1", "a" * 5_000, ""):
            answer = await client.get(server.url, headers={"Host": host})
            report.expect(
                answer.status_code in (400, 421) and not answer.headers.get("set-cookie"),
                f"Host {host[:30]!r}: {answer.status_code}",
            )
    await _connect_from_elsewhere(report, server)
    for cookie in ("x" * 5_000, '"; Path=/', "\\", "browser:" + "0" * 64):
        page = await Session.open(server.url, "epochs=1", f"playground_browser={cookie}")
        await page.rerun(press="Train")
        report.expect(run_of(page), f"With the cookie {cookie[:30]!r} no run was queued.")
        await page.close()


async def _connect_from_elsewhere(report: Report, server: app.Server) -> None:
    """As a page at another name does that has had the name point here."""
    address = server.url.replace("http", "ws", 1) + "_stcore/stream"
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        try:
            async with connect(address, additional_headers=headers) as socket:
                await socket.recv()
        except (InvalidStatus, ConnectionClosed):
            continue
        report.expect(False, f"A websocket with {headers} was answered.")
