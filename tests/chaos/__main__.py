"""`python -m tests.chaos`: see the package."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable

from tests.chaos import crowd, database, hostile, kills
from tests.chaos.report import LeftOut, Report

SCENARIOS: dict[str, Callable[[bool], Report]] = {
    "watchers": crowd.watchers,
    "addresses": crowd.addresses,
    "year": crowd.year,
    "owners": crowd.owners,
    "worker": kills.worker,
    "engine": kills.engine,
    "server": kills.server,
    "cluster": kills.cluster,
    "postgres": database.postgres,
    "commit": database.commit,
    "files": database.files,
    "disk": database.disk,
    "pictures": hostile.pictures,
    "drawings": hostile.drawings,
    "imports": hostile.imports,
    "requests": hostile.requests,
}

# What `--short` runs if none is named, so that CI waits two minutes at the most. Of the others,
# `year` is mostly the writing of a year; `watchers`, `addresses` and `owners` measure seconds,
# which are not judged there; the rest have tests of their own.
SHORT = ("commit", "files", "disk", "pictures", "drawings", "requests")


def main(arguments: list[str] | None = None) -> None:
    """Run what is asked for, and print a line each.

    Args:
        arguments: of the command line; those of this process, if left out.

    Raises:
        SystemExit: with status 1, if something does not hold.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="scenario", help=", ".join(SCENARIOS))
    parser.add_argument("--short", action="store_true", help="smaller, and times are not judged")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.scenarios) - set(SCENARIOS):
        parser.error(f"there is no scenario {', '.join(sorted(unknown))}")
    failed = False
    for name in asked.scenarios or (SHORT if asked.short else SCENARIOS):
        began = time.perf_counter()
        try:
            report = SCENARIOS[name](asked.short)
        except LeftOut as error:
            report = Report(name, {"left out": str(error)})
        except Exception:
            traceback.print_exc()
            report = Report(name, wrong=["The scenario itself failed."])
        report.measured["it took, seconds"] = round(time.perf_counter() - began, 1)
        print(report.line(times=not asked.short), flush=True)
        failed |= bool(report.wrong or report.over(times=not asked.short))
    sys.exit(failed)


if __name__ == "__main__":
    main()
