"""The files that runs leave: models, weights, snapshots; a folder for each run."""

from __future__ import annotations

import logging
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from playground.store.database import StoreError, describe, translate_errors

_log = logging.getLogger(__name__)

# The drawing that was pinned is no model: it stays with the history.
PINNED = "pinned"
_DAY_SECONDS = 24 * 3600


class Artefacts:
    """The files of all runs. Every method may be called from any thread.

    Args:
        folder: where the runs' folders are; made if it is not there.

    Raises:
        StoreError: from every method, when the disk refuses.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._token = secrets.token_hex(4)  # in the names of what this process is writing
        with translate_errors():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def save(self, run_id: str, name: str, content: bytes) -> None:
        """Write a file of a run, whole or not at all."""
        path = self._folder / run_id / name
        with translate_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            # A name of its own: the same file may be written twice at once.
            partial = path.with_name(f"{name}.{self._token}{secrets.token_hex(4)}.partial")
            try:
                partial.write_bytes(content)
                partial.replace(path)
            except OSError:
                partial.unlink(missing_ok=True)
                raise

    def names(self, run_id: str) -> list[str]:
        """The names of a run's files that are whole, sorted."""
        with translate_errors():
            found = (self._folder / run_id).glob("*")
            return sorted(path.name for path in found if path.suffix != ".partial")

    def read(self, run_id: str, name: str) -> bytes | None:
        """A file of a run; None if there is none."""
        try:
            return (self._folder / run_id / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(describe(error)) from error

    def remove(self, run_id: str, name: str) -> None:
        """Delete a file of a run; nothing happens if it is gone."""
        with translate_errors():
            (self._folder / run_id / name).unlink(missing_ok=True)

    def delete(self, run_id: str) -> None:
        """Delete all files of a run; nothing happens if there are none."""
        with translate_errors(), suppress(FileNotFoundError):
            shutil.rmtree(self._folder / run_id)

    def thin(self, run_id: str) -> int:
        """Delete a run's models and snapshots; returns how many bytes they had."""
        freed = 0
        with translate_errors():
            for path in (self._folder / run_id).glob("*"):
                if path.name != PINNED:
                    freed += _size(path)
                    path.unlink(missing_ok=True)
        return freed

    def sweep(self, known: Collection[str]) -> None:
        """Delete what was half-written when a server ended.

        A folder of no known run stays, unless only a run that was never queued can have left it:
        its database may come back.

        Args:
            known: the ids of all runs.
        """
        strange = 0
        with translate_errors():
            for folder in self._folders():
                names = set()
                for path in folder.glob("*"):
                    if path.suffix == ".partial" and f".{self._token}" not in path.name:
                        path.unlink(missing_ok=True)
                    else:
                        names.add(path.name)
                if folder.name in known:
                    continue
                if names <= {PINNED} and folder.stat().st_mtime < time.time() - _DAY_SECONDS:
                    shutil.rmtree(folder)
                else:
                    strange += 1
        if strange:
            _log.warning("%d folders in %s belong to no run.", strange, self._folder)

    def size(self) -> int:
        """How many bytes all files have together."""
        with translate_errors():
            return sum(_size(path) for folder in self._folders() for path in folder.glob("*"))

    def _folders(self) -> Iterator[Path]:
        return (path for path in self._folder.iterdir() if path.is_dir())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # it was deleted meanwhile
        return 0
