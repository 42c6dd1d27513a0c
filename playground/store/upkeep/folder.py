"""The data folder: one server uses it at a time, and nobody else can read it."""

from __future__ import annotations

import json
import logging
import os
import stat
from datetime import datetime, timezone
from pathlib import Path

from filelock import FileLock, Timeout

from playground.locales import Text, lazy
from playground.store.database import StoreError, translate_errors

_log = logging.getLogger(__name__)

_LOCK, _HOLDER = "server.lock", "server.json"


class DataFolder:
    """A data folder that this process holds until it ends, however it ends.

    Args:
        path: the folder; made if it is not there, and closed to other users of the computer.

    Raises:
        StoreError: another process holds it, or it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with translate_errors():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            # The operating system frees it with the process, also after a crash.
            self._lock = FileLock(path / _LOCK, timeout=0, mode=0o600, thread_local=False)
            self._hold()
            make_private(path)

    def _hold(self) -> None:
        try:
            self._lock.acquire()
        except Timeout as error:
            raise StoreError(_held_by_another(self.path)) from error
        holder = {"pid": os.getpid(), "since": datetime.now(timezone.utc).isoformat()}
        (self.path / _HOLDER).write_text(json.dumps(holder), "utf-8")

    def check(self) -> None:
        """Hold it again, if somebody has deleted it.

        Raises:
            StoreError: another process was faster, or it cannot be written.
        """
        if (self.path / _LOCK).exists():
            return
        with translate_errors():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.release()
            self._hold()

    def release(self) -> None:
        """Let other processes have it."""
        self._lock.release()


def _held_by_another(path: Path) -> Text:
    try:
        holder = json.loads((path / _HOLDER).read_text("utf-8"))
        since = datetime.fromisoformat(holder["since"])
        return lazy(
            "Another server uses this data folder (process {number}, since {since:%d %b %Y %H:%M} "
            "UTC). Stop that server, or give this one its own folder with PLAYGROUND_HOME. Then "
            "load this page again.",
            number=int(holder["pid"]),
            since=since,
        )
    except (OSError, ValueError, KeyError, TypeError):  # it is still starting
        return lazy(
            "Another server uses this data folder. Stop that server, or give this one its own "
            "folder with PLAYGROUND_HOME. Then load this page again."
        )


def make_private(path: Path) -> None:
    """Close a data folder and what lies in it to other users of this computer.

    A folder that many use on purpose, such as /tmp, stays open; what is ours in it is closed.
    """
    ours = [*path.glob("*.sqlite*"), path / "artefacts"]
    if not path.stat().st_mode & stat.S_ISVTX:
        ours.append(path)
    for part in ours:
        try:
            part.chmod(0o700 if part.is_dir() else 0o600)
        except FileNotFoundError:
            continue
        except OSError as error:
            _log.warning("Other users of this computer may read %s: %s", part, error)
