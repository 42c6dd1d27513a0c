"""The terms of the lecture: what each means, in a sentence, and the page that shows it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from playground.locales import mark, t


class Term(NamedTuple):
    """A term.

    Attributes:
        name: as a text has it, in English; a text may also have its plural, with an s.
        says: what it means, in English.
        page: the path of the page of Learn that shows it; empty if none does.
    """

    name: str
    says: str
    page: str = ""


TERMS = (
    Term(
        mark("Fashion-MNIST"),
        mark(
            "60,000 training and 10,000 test images of clothes from a shop, 28 × 28 pixels in "
            "greys, each with one of ten labels."
        ),
        "the-data",
    ),
    Term(
        mark("label"),
        mark("What an image shows, as a number from 0 to 9: 0 is T-shirt/top, 9 is Ankle boot."),
        "the-data",
    ),
    Term(
        mark("preprocessing"),
        mark("Making raw data better before learning; feature scaling is a part of it."),
        "feature-scaling",
    ),
    Term(
        mark("feature scaling"),
        mark("Raw numbers brought to a common range before learning, so that learning is easier."),
        "feature-scaling",
    ),
    Term(
        mark("standardisation"),
        mark("Z = (X − mean) / standard deviation: to mean 0 and standard deviation 1."),
        "feature-scaling",
    ),
    Term(
        mark("normalisation"),
        mark("Z = (X − min) / (max − min): to the range from 0 to 1."),
        "feature-scaling",
    ),
    Term(
        mark("outlier"),
        mark("A value far from all others."),
        "feature-scaling",
    ),
    Term(
        mark("Flatten"),
        mark("A layer that unrolls each image to a vector: (None, 28, 28) becomes (None, 784)."),
        "flatten",
    ),
    Term(
        mark("Dense layer"),
        mark("A fully connected layer: every input goes to every neuron, each with its weight."),
        "dense",
    ),
    Term(
        mark("hidden layer"),
        mark("A layer between the inputs and the outputs of a network."),
        "dense",
    ),
    Term(
        mark("neuron"),
        mark(
            "It adds its inputs, each times a weight, and a bias, and applies its activation "
            "function to the sum."
        ),
        "dense",
    ),
    Term(
        mark("weight"),
        mark("A number that says how much an input counts, and in which direction; it is learned."),
        "dense",
    ),
    Term(
        mark("bias"),
        mark("A number that is added to a neuron's sum, whatever its inputs are; it is learned."),
        "dense",
    ),
    Term(
        mark("parameter"),
        mark(
            "A number that training fits: the weights and the biases of all layers are parameters."
        ),
        "dense",
    ),
    Term(
        mark("activation function"),
        mark(
            "The function that a neuron applies to its sum. Without one, many layers would do no "
            "more than one."
        ),
        "activation-functions",
    ),
    Term(
        mark("sigmoid"),
        mark("1 / (1 + e⁻ˣ): from 0 to 1. Its slope is never above 0.25, so gradients fade."),
        "activation-functions",
    ),
    Term(
        mark("tanh"),
        mark(
            "(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ): from −1 to 1. Its slope is 1 at 0 and less elsewhere, so "
            "gradients fade."
        ),
        "activation-functions",
    ),
    Term(
        mark("ReLU"),
        mark("max(0, x): its slope is 1 or 0, so gradients do not fade. The usual choice."),
        "activation-functions",
    ),
    Term(
        mark("gradient"),
        mark("How much the loss changes with each weight: training moves the weights against it."),
        "activation-functions",
    ),
    Term(
        mark("softmax"),
        mark("It turns the ten sums of the last layer into probabilities that add up to 1."),
        "compile",
    ),
    Term(
        mark("optimizer"),
        mark("The rule by which gradients change the weights; Adam is a strong default."),
        "compile",
    ),
    Term(
        mark("loss function"),
        mark("It says how wrong the network's answers are; training makes it small."),
        "compile",
    ),
    Term(
        mark("loss"),
        mark("How wrong the network's answers are: 0 is perfect."),
        "compile",
    ),
    Term(
        mark("metric"),
        mark(
            "What judges a model for people, such as accuracy; training itself uses the loss only."
        ),
        "compile",
    ),
    Term(
        mark("one-hot"),
        mark("A label as ten numbers: a 1 at its place, 0 at all others."),
        "compile",
    ),
    Term(
        mark("learning rate"),
        mark("The size of each step downhill: too small is slow, too large never arrives."),
        "batch",
    ),
    Term(
        mark("accuracy"),
        mark("The share of images that get the right label."),
        "evaluate",
    ),
    Term(
        mark("evaluate()"),
        mark(
            "The method that gives loss and metrics on data that training did not use, after fit()."
        ),
        "evaluate",
    ),
    Term(
        mark("training set"),
        mark("The images that the weights are fitted to."),
        "evaluate",
    ),
    Term(
        mark("validation set"),
        mark("Images that are not trained on; they judge the hyperparameters."),
        "evaluate",
    ),
    Term(
        mark("test set"),
        mark("Images that nothing was fitted to or chosen by; they judge the finished model."),
        "evaluate",
    ),
    Term(
        mark("overfitting"),
        mark("Learning the training images by heart: right on them, wrong on others."),
        "evaluate",
    ),
    Term(
        mark("hyperparameter"),
        mark("What a person sets before training, such as layers, batch size or learning rate."),
        "evaluate",
    ),
    Term(
        mark("confusion matrix"),
        mark("A table: how many images of each true label were given which label."),
        "evaluate",
    ),
    Term(
        mark("callback"),
        mark("Code that fit() calls at fixed moments, such as after every epoch."),
        "callback",
    ),
    Term(
        mark("epoch"),
        mark("One pass through all training images."),
        "callback",
    ),
    Term(
        mark("batch size"),
        mark("How many images the network sees before each change of its weights."),
        "batch",
    ),
    Term(
        mark("mini-batch"),
        mark("A small part of the training images, seen before one change of the weights."),
        "batch",
    ),
    Term(
        mark("batch gradient descent"),
        mark("Gradient descent that sees all training images before each step: steady, but slow."),
        "batch",
    ),
    Term(
        mark("converge"),
        mark(
            "To come so close to a value, such as the smallest loss, that further steps change "
            "little."
        ),
        "batch",
    ),
    Term(
        mark("dropout"),
        mark("Some neurons are switched off at random in each step, so that none is relied on."),
    ),
    Term(
        mark("seed"),
        mark("The number that all randomness of a run begins with: the same seed, the same run."),
        "chance",
    ),
)


class Found(NamedTuple):
    """A term in a text, from `start` to before `end`."""

    start: int
    end: int
    term: Term


# Code, formulas, links and headings are left as they are.
_UNTOUCHED = re.compile(r"`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\[[^\]]*\]\([^)]*\)|^#[^\n]*", re.S | re.M)


def first_mentions(text: str) -> list[Found]:
    """Where a text in the visitor's language has each term for the first time, in order.

    Args:
        text: Markdown.
    """
    taken = [found.span() for found in _UNTOUCHED.finditer(text)]
    mentions: list[Found] = []
    # Longer terms first: "loss function" is not a mention of "loss".
    for term in sorted(TERMS, key=lambda term: -len(t(term.name))):
        spans = (found.span() for found in _mention(t(term.name)).finditer(text))
        free = (s for s in spans if not any(s[0] < end and start < s[1] for start, end in taken))
        if span := next(free, None):
            taken.append(span)
            mentions.append(Found(*span, term))
    return sorted(mentions)


@lru_cache(maxsize=1024)
def _mention(name: str) -> re.Pattern[str]:
    # In Korean a particle follows a noun without a space.
    end = r"s?(?![A-Za-z0-9_-])" if name[-1:].isascii() else ""
    return re.compile(rf"(?<![\w-]){re.escape(name)}{end}", re.IGNORECASE)
