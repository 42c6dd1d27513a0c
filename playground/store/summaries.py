"""What a run has reached, in a few numbers: kept beside the run, so that no list replays events."""

from __future__ import annotations

import logging

from pydantic import BaseModel, ConfigDict, ValidationError

from playground.events import EpochEnd, Evaluation, EventData, LearningRateChange

_log = logging.getLogger(__name__)


class Summary(BaseModel):
    """A run's newest numbers.

    Attributes:
        epochs: finished ones.
        seconds: of all finished epochs, validation included.
        accuracy: on the training images, mean of the last finished epoch, 0 to 1; None before.
        val_accuracies: on the validation images after each finished epoch, 0 to 1.
        test_accuracy: 0 to 1; None before the test.
        by_hand: whether the learning rate was changed by hand, so that the settings alone do not
            tell how the run was trained.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    epochs: int = 0
    seconds: float = 0.0
    accuracy: float | None = None
    val_accuracies: tuple[float, ...] = ()
    test_accuracy: float | None = None
    by_hand: bool = False

    @property
    def val_accuracy(self) -> float | None:
        """On the validation images after the last finished epoch; None before."""
        return self.val_accuracies[-1] if self.val_accuracies else None

    def after(self, data: EventData) -> Summary:
        """The numbers after something has happened; hearing it twice changes nothing."""
        if isinstance(data, EpochEnd) and data.epoch > self.epochs:
            changed = {
                "epochs": data.epoch,
                "seconds": self.seconds + data.seconds,
                "accuracy": data.accuracy,
                "val_accuracies": (*self.val_accuracies, data.val_accuracy),
            }
            return self.model_copy(update=changed)
        if isinstance(data, Evaluation):
            return self.model_copy(update={"test_accuracy": data.accuracy})
        if isinstance(data, LearningRateChange):
            return self.model_copy(update={"by_hand": True})
        return self


def read_summary(values: object) -> Summary:
    """A summary as it is stored; one without numbers if it cannot be read."""
    try:
        return Summary.model_validate(values)
    except ValidationError:
        _log.warning("The summary of a run cannot be read.")
        return Summary()
