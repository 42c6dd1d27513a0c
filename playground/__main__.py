"""The installed command: `fashion-playground`, or `python -m playground`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from playground import __version__
from playground.settings import SettingsError, settings

_PACKAGE = Path(__file__).parent
# `app.py` with Streamlit's settings beside it; an installed package holds both (pyproject.toml).
_LAUNCH = _PACKAGE / "launch"


def main() -> None:
    """Run the app until it is ended.

    Raises:
        SystemExit: an option or an environment variable cannot be used, or the server has ended.
    """
    options = _options()
    os.environ |= {
        variable: value
        for variable, value in (
            ("PLAYGROUND_HOME", options.data),
            ("PLAYGROUND_WORKERS", options.workers),
        )
        if value is not None
    }
    try:
        settings()
    except SettingsError as error:
        sys.exit(str(error))
    script = (_LAUNCH if _LAUNCH.is_dir() else _PACKAGE.parent) / "app.py"
    flags = [f"--server.port={options.port}"]
    if options.address is not None:
        flags.append(f"--server.address={options.address}")
    from streamlit.web import cli  # late: it takes a second, and --help needs none of it

    cli.main(["run", str(script), *flags])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="fashion-playground",
        description="Train neural networks on Fashion-MNIST in a browser, and watch them learn.",
        epilog="Environment variables set the rest: see docs/deployment.md in the project.",
    )
    parser.add_argument(
        "--port", type=_port, default=8501, help="port of the web page (default: %(default)s)"
    )
    parser.add_argument(
        "--address", help="only answer at this address, such as 127.0.0.1 (default: at all it has)"
    )
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help="folder for database, models and compiled networks "
        "(default: PLAYGROUND_HOME, or the user's data folder)",
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        help="runs that train at once (default: PLAYGROUND_WORKERS, or 2)",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser.parse_args()


def _port(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to 65535")


if __name__ == "__main__":
    main()
