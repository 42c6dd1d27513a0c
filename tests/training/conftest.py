from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.training import SMALL, Log, trained

if TYPE_CHECKING:
    from playground.training.train import Outcome


@pytest.fixture(scope="session")
def finished() -> tuple[Outcome, Log]:
    log = Log()
    return trained(SMALL, log), log
