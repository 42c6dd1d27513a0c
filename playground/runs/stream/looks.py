"""Looks: the portraits of runs on their way to one browser, the newest only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from playground.runs.dispatch.watching import Wake, Watching
from playground.runs.stream.channels import Channel


class Looks:
    """The runs that one stream looks at. Lives on the event loop.

    Args:
        watching: where portraits arrive.
        channels: the channel of each run, which knows when it has ended.
    """

    def __init__(self, watching: Watching, channels: Mapping[str, Channel]) -> None:
        self._watching, self._channels = watching, channels
        self._seen = dict.fromkeys(channels, 0)

    @contextmanager
    def watch(self, wake: asyncio.Event) -> Iterator[None]:
        """Within, the runs are looked at, and `wake` is set when there is a new portrait."""
        loop = asyncio.get_running_loop()

        def on_portrait() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(wake.set)

        def every(tell: Callable[[str, Wake], None]) -> None:
            for run_id in self._channels:
                tell(run_id, on_portrait)

        # Both take a lock, for which the loop must not wait; one after the other, in their order.
        begun = loop.run_in_executor(None, every, self._watching.look)
        try:
            yield
        finally:
            begun.add_done_callback(
                lambda _: loop.run_in_executor(None, every, self._watching.look_away)
            )

    def new(self) -> Iterator[bytes]:
        """The messages to send now: portraits that have come, and what comes no more."""
        for run_id in list(self._seen):
            # Asked before: what comes until then has come.
            ended = self._channels[run_id].ended
            self._seen[run_id], portrait = self._watching.newest(run_id, self._seen[run_id])
            if portrait:
                yield b'data: {"run":"%b","portrait":%b}\n\n' % (run_id.encode(), portrait)
            if ended:
                del self._seen[run_id]
                yield b'data: {"run":"%b","over":true}\n\n' % run_id.encode()
