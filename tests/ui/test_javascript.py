"""The tests of our JavaScript modules, as `npm test` runs them."""

from __future__ import annotations

import pytest

from tests.ui.javascript import ROOT, run

pytestmark = pytest.mark.engine  # Node.js


def test_the_modules_do_what_their_tests_say() -> None:
    tests = sorted(str(path) for path in (ROOT / "tests" / "ui").rglob("*.test.mjs"))
    assert tests
    run("--test", *tests)
