"""Watchers of one run as a process of their own: `python -m tests.chaos.watch URL COUNT`.

Apart, so that what they do with the events takes nothing from what measures. Prints JSON: the
seconds until the last of them had everything, and the seqs that each different answer held.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit


async def _watch(url: str) -> bytes:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    request = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    writer.write(f"{request}Connection: close\r\n\r\n".encode())
    answer = await reader.read(-1)
    writer.close()
    return answer.partition(b"\r\n\r\n")[2]


async def main(url: str, count: int) -> None:
    """Open the stream so often at once."""
    began = time.perf_counter()
    answers = await asyncio.gather(*(_watch(url) for _ in range(count)))
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "seqs": [_seqs(body) for body in set(answers)]}))


def _unchunked(body: bytes) -> bytes:
    """What HTTP's chunks hold."""
    found, at = [], 0
    while at < len(body):
        end = body.index(b"\r\n", at)
        size = int(body[at:end], 16)
        found.append(body[end + 2 : end + 2 + size])
        at = end + size + 4
    return b"".join(found)


def _seqs(body: bytes) -> list[int]:
    lines = [line for line in _unchunked(body).split(b"\n") if line.startswith(b"data:")]
    return [event["seq"] for line in lines for event in json.loads(line[5:])["events"]]


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
