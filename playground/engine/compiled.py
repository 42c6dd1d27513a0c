"""What XLA has compiled, kept on disk: a worker that starts finds the default network there.

TensorFlow writes and reads the files. It names functions and loops by a counter of the process, and
the names are part of what it looks for: a training finds its file if all before it in its process
were the same as then, which hardly happens except to the first, a worker's warm-up.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import logging
import os
import platform
from pathlib import Path

# The three files of a network take about half a megabyte.
MAX_BYTES = 200 * 2**20
_log = logging.getLogger(__name__)


def folder(home: Path, flags: str) -> Path:
    """The folder of this machine: its code may not run, or run slower, on another.

    Args:
        home: where data lives.
        flags: what XLA is told, which is not part of what TensorFlow calls the files.
    """
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else [platform.processor()]
    features = [line for line in lines if line.startswith(("model name", "flags", "Features"))]
    about = [importlib.metadata.version("tensorflow"), flags, platform.machine(), *features[:2]]
    return home / "compiled" / hashlib.sha256("\n".join(about).encode()).hexdigest()[:16]


def environment(home: Path, flags: str) -> dict[str, str]:
    """What a worker's environment says so that TensorFlow keeps there what XLA compiles.

    Old files are removed where there are too many. Nothing, if the folder cannot be written.
    """
    kept = folder(home, flags)
    try:
        kept.mkdir(parents=True, exist_ok=True)
        prune(home)
        (kept / ".writable").touch()
    except OSError:
        _log.warning("compiled networks cannot be kept in %s", kept, exc_info=True)
        return {}
    # TensorFlow's own variable, not one of ours in `settings.py`: what is set already still holds.
    options = os.environ.get("TF_XLA_FLAGS", "")
    return {
        "TF_XLA_FLAGS": f'--tf_xla_persistent_cache_directory="{kept.as_posix()}" '
        f"--tf_xla_persistent_cache_device_types=CPU {options}"
    }


def prune(home: Path) -> None:
    """Remove the oldest files until what is there is at most `MAX_BYTES`."""
    files = []
    for file in (home / "compiled").glob("*/*"):
        with contextlib.suppress(FileNotFoundError):  # another has just removed it
            files.append((file.stat(), file))
    size = 0
    for stat, file in sorted(files, key=lambda pair: -pair[0].st_mtime):
        size += stat.st_size
        if size > MAX_BYTES:
            file.unlink(missing_ok=True)


def forget_damaged(home: Path, error: str) -> bool:
    """Remove files that are cut short, as by a crash or a full disk, or that an error names.

    A file that another run's end removes in the same moment counts as damaged here, too.

    Args:
        home: where data lives.
        error: what a training failed with.

    Returns:
        Whether there were any.
    """
    found = [f for f in (home / "compiled").glob("*/*.pb") if f.name in error or not _whole(f)]
    for file in found:
        file.unlink(missing_ok=True)
    return bool(found)


def _whole(file: Path) -> bool:
    """Whether a file is a sequence of whole protobuf fields, all of them strings of bytes.

    Each is a tag, a length and so many bytes; tag and length are varints, seven bits a byte, least
    first (https://protobuf.dev/programming-guides/encoding/).
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError:  # the end of another run has just removed it
        return False
    at = 0
    while at < len(content):
        _, at = _varint(content, at)
        length, at = _varint(content, at)
        at += length
    return at == len(content) > 0


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A number and where it ends; beyond the content if it is cut short."""
    number = shift = 0
    while at < len(content):
        number |= (content[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if content[at - 1] < 0x80:
            return number, at
    return number, at + 1
