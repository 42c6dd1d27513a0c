"""The newest weights of runs that train, fetched once for all who draw with them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from time import monotonic

from playground.network.network import Network


@dataclass
class _Entry:
    network: Network | None = None
    fresh_until: float = 0.0
    fetching: Future[Network | None] | None = None


class NewestNetworks:
    """Fetches a run's weights, up to 20 MB, at most every few seconds however many ask.

    While one caller fetches, the others get the network before it, or wait for the same one if
    there is none. A network that cannot be fetched any more stays as it was. Any thread may ask.

    Args:
        fetch: the newest network of a run; None if it has none yet.
        seconds: for so long a network counts as the newest.
        most: runs to hold networks of; those asked for longest ago go.
    """

    def __init__(
        self, fetch: Callable[[str], Network | None], seconds: float = 2.0, most: int = 8
    ) -> None:
        self._fetch, self._seconds, self._most = fetch, seconds, most
        self._lock = threading.Lock()  # guards _entries, and is never held while fetching
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    def get(self, run_id: str) -> Network | None:
        """The run's newest network; None if it has none yet.

        Raises:
            Exception: whatever `fetch` raises.
        """
        with self._lock:
            entry = self._entries.setdefault(run_id, _Entry())
            self._entries.move_to_end(run_id)
            if len(self._entries) > self._most:
                self._entries.popitem(last=False)
            if entry.network is not None and monotonic() < entry.fresh_until:
                return entry.network
            under_way = entry.fetching
            if under_way is None:
                entry.fetching = Future()
        if under_way is None:
            return self._renew(run_id, entry)
        return entry.network or under_way.result()

    def _renew(self, run_id: str, entry: _Entry) -> Network | None:
        fetching = entry.fetching
        assert fetching is not None
        try:
            entry.network = self._fetch(run_id) or entry.network
        except BaseException as error:
            fetching.set_exception(error)
            raise
        else:
            entry.fresh_until = monotonic() + self._seconds
            fetching.set_result(entry.network)
            return entry.network
        finally:
            with self._lock:
                entry.fetching = None
