"""Which hooks Keras really calls, in which order and when."""

from __future__ import annotations

import time
from typing import Any

import keras

from playground.events import HookCall, HookCalls, HookStop


class HookRecorder(keras.callbacks.Callback):  # type: ignore[misc]
    """Records every hook that Keras calls on it, under the lecture's names.

    Hooks of batches come in series: a series is one record, with its number of calls, and ends at
    the next hook of another kind. So an epoch with validation makes 8 records however many batches
    it has, and the longest run of 200 epochs about 1,600. `on_batch_begin` and `on_batch_end` are
    older names: Keras calls them from within `on_train_batch_begin` and `on_train_batch_end`.

    `epoch` is that of the records to come. The caller of `fit` sets it to None afterwards, since a
    `fit` that is left by an exception calls no `on_train_end`. To see whether a callback has
    stopped training, the recorder must be the last in the list of callbacks.
    """

    def __init__(self) -> None:
        super().__init__()
        self._started = time.perf_counter()
        self._calls: list[HookCall] = []
        self._series: dict[str, int] = {}  # index in the calls, by hook
        self.epoch: int | None = None
        self._stop: HookStop | None = None

    def data(self) -> HookCalls:
        """What has been recorded, as an event."""
        return HookCalls(calls=tuple(self._calls), stop=self._stop)

    def _record(self, hook: str) -> None:
        now = round(time.perf_counter() - self._started, 4)
        index = self._series.get(hook)
        if index is not None:
            before = self._calls[index]
            self._calls[index] = before._replace(last=now, calls=before.calls + 1)
            return
        if "_batch_" in hook:
            self._series[hook] = len(self._calls)
        else:
            self._series.clear()
        self._calls.append(HookCall(hook, self.epoch, now, now, 1))

    def on_train_begin(self, logs: Any = None) -> None:
        """Record; the clock starts here."""
        self._started = time.perf_counter()
        self._record("on_train_begin")

    def on_train_end(self, logs: Any = None) -> None:
        """Record."""
        self.epoch = None
        self._record("on_train_end")

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Record; what follows belongs to this epoch, 1 being the first."""
        self.epoch = epoch + 1
        self._record("on_epoch_begin")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Record, and whether a callback before this one has stopped training."""
        self._record("on_epoch_end")
        if self.model.stop_training:
            self._stop = HookStop(hook="on_epoch_end", epoch=epoch + 1)

    def on_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Record."""
        self._record("on_batch_begin")

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """Record."""
        self._record("on_batch_end")

    def on_test_begin(self, logs: Any = None) -> None:
        """Record."""
        self._record("on_test_begin")

    def on_test_end(self, logs: Any = None) -> None:
        """Record."""
        self._record("on_test_end")

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Record."""
        self._record("on_test_batch_begin")

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Record."""
        self._record("on_test_batch_end")

    def on_predict_begin(self, logs: Any = None) -> None:
        """Record."""
        self._record("on_predict_begin")

    def on_predict_end(self, logs: Any = None) -> None:
        """Record."""
        self._record("on_predict_end")

    def on_predict_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Record."""
        self._record("on_predict_batch_begin")

    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
        """Record."""
        self._record("on_predict_batch_end")
