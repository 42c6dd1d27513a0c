"""Back up the data folder, also while the server runs, and restore it.

python -m playground.store.upkeep.backup save FILE.tar
python -m playground.store.upkeep.backup restore FILE.tar [--replace]
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from playground.settings import SettingsError, settings
from playground.store.database import StoreError, sqlite_path, translate_errors
from playground.store.upkeep.folder import DataFolder, make_private

_DATABASE = "playground.sqlite"
_PARTS = (_DATABASE, "artefacts", "refused.jsonl")
_LOGS = ("-wal", "-shm")  # beside an SQLite file whose server has crashed
_ELSEWHERE = (
    "The database is another server's and is not in this file: back it up and restore it with its "
    "own tools, such as pg_dump and pg_restore."
)


def save(file: Path) -> str:
    """Write database and files of runs into a tar file, whole or not at all.

    Returns:
        A sentence about what was done.

    Raises:
        StoreError: there is nothing, the file is there already, or the disk refuses.
    """
    home, database = settings().home, sqlite_path(settings().home, settings().database_url)
    if file.exists():
        raise StoreError(f"{file} is there already. Choose another name.")
    if database is not None and not database.exists():
        raise StoreError(f"There is no database {database}. Is PLAYGROUND_HOME the right folder?")
    with (
        translate_errors(),
        TemporaryDirectory(prefix=".backup-", dir=file.absolute().parent) as scratch,
    ):
        made = Path(scratch) / "backup.tar"
        with tarfile.open(made, "w") as tar:
            if database is not None:  # first: the files that it names were written before
                copy = Path(scratch) / _DATABASE
                _copy(database, copy)
                tar.add(copy, _DATABASE)
            for path in _files(home):
                try:
                    tar.add(path, str(path.relative_to(home)), recursive=False)
                except FileNotFoundError:  # it was deleted meanwhile
                    continue
        size = made.stat().st_size / 2**20
        made.replace(file)
    elsewhere = "" if database is not None else f" {_ELSEWHERE}"
    return f"{file} holds the backup, {size:,.1f} MiB.{elsewhere}"


def _copy(database: Path, copy: Path) -> None:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file


def _files(home: Path) -> Iterator[Path]:
    for part in _PARTS[1:]:
        for path in [home / part, *sorted((home / part).rglob("*"))]:
            if path.exists() and path.suffix != ".partial":
                yield path


def restore(file: Path, *, replace: bool = False) -> str:
    """Put what `save` wrote into the data folder, all or nothing.

    Args:
        file: from `save`, by this version or an earlier one.
        replace: whether a folder that already holds data may be used; what is there is moved
            into another folder within it.

    Returns:
        A sentence about what was done.

    Raises:
        StoreError: a server uses the folder, it holds data, or the file is no backup.
    """
    home, database = settings().home, sqlite_path(settings().home, settings().database_url)
    folder = DataFolder(home)
    try:
        there = [path for path in _targets(home, database).values() if _holds_data(path)]
        if there and not replace:
            raise StoreError(
                f"{home} holds data already. Choose an empty folder with PLAYGROUND_HOME, or add "
                "--replace: what is there is then moved aside, not deleted."
            )
        with translate_errors(), TemporaryDirectory(prefix="restore-", dir=home) as scratch:
            found = _unpack(file, Path(scratch))
            aside = home / f"before-{datetime.now(timezone.utc):%Y%m%dT%H%M%S}"
            for path in there:
                aside.mkdir(exist_ok=True)
                path.replace(aside / path.name)
            for name, path in _targets(home, database).items():
                if name in found:
                    if path.is_dir():
                        path.rmdir()  # it is empty
                    path.parent.mkdir(parents=True, exist_ok=True)
                    shutil.move(found[name], path)
            make_private(home)
    finally:
        folder.release()
    said = f"{home} holds what was in {file}."
    said += f" What was there before is in {aside}." if there else ""
    return said if _DATABASE in found and database is not None else f"{said} {_ELSEWHERE}"


def _targets(home: Path, database: Path | None) -> dict[str, Path]:
    """Where each part of a backup belongs."""
    logs = {} if database is None else {e: database.with_name(database.name + e) for e in _LOGS}
    parts = {name: home / name for name in _PARTS[1:]}
    return parts | ({} if database is None else {_DATABASE: database}) | logs


def _holds_data(path: Path) -> bool:
    return any(path.iterdir()) if path.is_dir() else path.exists()


def _unpack(file: Path, scratch: Path) -> dict[str, Path]:
    """The parts of a backup by name, checked."""
    with _no_backup(file), tarfile.open(file) as tar:
        tar.extractall(scratch, filter="data")
    found = {name: scratch / name for name in _PARTS if (scratch / name).exists()}
    if not found:
        raise StoreError(f"{file} is no backup of the playground.")
    if _DATABASE in found:
        with _no_backup(file), closing(sqlite3.connect(found[_DATABASE])) as connection:
            state = connection.execute("PRAGMA quick_check").fetchone()[0]
        if state != "ok":
            raise StoreError(f"The database in {file} is damaged ({state}).")
    return found


@contextmanager
def _no_backup(file: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise StoreError(f"There is no file {file}.") from error
    except (tarfile.TarError, sqlite3.DatabaseError, EOFError) as error:
        raise StoreError(f"{file} is damaged, or no backup of the playground ({error}).") from error


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        "python -m playground.store.upkeep.backup", description=__doc__
    )
    commands = parser.add_subparsers(dest="command", required=True)
    saving = commands.add_parser("save", help="write a backup, also while the server runs")
    restoring = commands.add_parser("restore", help="put a backup back, while no server runs")
    for command in (saving, restoring):
        command.add_argument("file", type=Path)
    restoring.add_argument("--replace", action="store_true", help="move aside what is there")
    chosen = parser.parse_args()
    os.umask(0o077)
    try:
        said = (
            save(chosen.file)
            if chosen.command == "save"
            else restore(chosen.file, replace=chosen.replace)
        )
    except (StoreError, SettingsError) as error:
        sys.exit(str(error))
    print(said)


if __name__ == "__main__":
    main()
