"""A small run, and a log of its events that can answer them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from playground.config import RunConfig
from playground.dataset import load_data
from playground.events import EventData, Kind
from playground.training.control import Control

if TYPE_CHECKING:
    from playground.training.train import Outcome

SMALL = RunConfig(
    hidden_layers=(8,),
    train_images=600,
    epochs=2,
    batch_size=32,
    learning_rate=0.01,
    early_stop=False,
)

D = TypeVar("D", bound=EventData)


def but(**changes: Any) -> RunConfig:
    """`SMALL` with changes."""
    return RunConfig.model_validate({**SMALL.model_dump(), **changes})


class Log:
    """Collects the events of a run; `react` may answer them with commands."""

    def __init__(self, react: Callable[[Log, EventData], None] | None = None) -> None:
        self.control = Control()
        self.events: list[EventData] = []
        self._react = react

    def __call__(self, data: EventData) -> None:
        self.events.append(data)
        if self._react:
            self._react(self, data)

    def of(self, kind: type[D]) -> list[D]:
        return [data for data in self.events if isinstance(data, kind)]

    @property
    def kinds(self) -> list[Kind]:
        return [data.kind for data in self.events]


def trained(config: RunConfig, log: Log) -> Outcome:
    """Train, with the log as listener; imports TensorFlow."""
    from playground.training.train import train

    return train(config, load_data(), log, log.control)
