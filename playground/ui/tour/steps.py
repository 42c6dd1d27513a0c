"""What the tour asks for, and when it is done."""

from __future__ import annotations

from typing import NamedTuple

from playground.locales import mark


class Step(NamedTuple):
    """One thing to do.

    Attributes:
        name: as `tour.css` and `tour.js` know it.
        asks: in English; `{layers}` is the number of layers that is asked for.
    """

    name: str
    asks: str


STEPS = (
    Step(
        "layers",
        mark("Drag **Hidden layers** to {layers} and watch the network grow."),
    ),
    Step(
        "train",
        mark("Press **Train**. The network sees its first images, and its loss falls."),
    ),
    Step(
        "neuron",
        mark(
            "Point at a neuron, or press it: its picture shows the pixels that it looks for, and "
            "below the network you see it calculate."
        ),
    ),
    Step(
        "mistake",
        mark(
            "Find a mistake: press **Next mistake** under the network. Would you have known better?"
        ),
    ),
    Step(
        "draw",
        mark("Draw a bag, a box with a handle, until the network says that it is one."),
    ),
)


class Progress(NamedTuple):
    """How far a visitor has come.

    Attributes:
        step: the index of the next thing to do; `len(STEPS)` when all are done.
        layers: how many hidden layers the first step asks for.
        started: the run that was started last when a step began.
    """

    step: int
    layers: int
    started: str | None

    @property
    def awaits(self) -> str:
        """The name of the next thing to do; empty when all are done."""
        return STEPS[self.step].name if self.step < len(STEPS) else ""

    def after(self, done: str, started: str | None) -> Progress:
        """The progress of one who has done this; the same if the tour does not ask for it now.

        Args:
            done: the name of a step.
            started: the run that was started last.
        """
        return Progress(self.step + 1, self.layers, started) if done == self.awaits else self

    def seen(self, layers: int, started: str | None) -> Progress:
        """The progress of one whose settings and runs are these; what they say is done, is.

        Args:
            layers: how many hidden layers the settings have.
            started: the run that was started last.
        """
        if self.awaits == "layers" and layers == self.layers:
            return self.after("layers", started)
        if self.awaits == "train" and started != self.started:
            return self.after("train", started)
        return self


def begin(layers: int, started: str | None) -> Progress:
    """The start of the tour, for settings with so many hidden layers.

    Args:
        layers: the first step asks for another number.
        started: the run that was started last; None if there is none.
    """
    return Progress(0, 3 if layers == 2 else 2, started)
