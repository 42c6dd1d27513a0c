"""`python -m tests.chaos`: see the package."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Callable

from tests.chaos import crowd, database, hostile, kills
from tests.chaos.report import Report

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

# What `--short` runs by itself. The others take longer than they tell beyond these: `engine` is
# in the engine's tests, and `postgres` is `commit` for a whole server.
SHORT = ("watchers", "addresses", "owners", "worker", "server", "commit", "files", "disk")
SHORT += ("pictures", "drawings", "requests")


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
        try:
            report = SCENARIOS[name](asked.short)
        except Exception:
            traceback.print_exc()
            report = Report(name, wrong=["The scenario itself failed."])
        print(report.line(times=not asked.short), flush=True)
        failed |= bool(report.wrong or report.over(times=not asked.short))
    sys.exit(failed)


if __name__ == "__main__":
    main()
