"""Learn, evaluate() and the three sets: training, validation and test accuracy of one's run."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.config import RunConfig
from playground.figures.board import history_frame
from playground.figures.lesson.training import sets_figure
from playground.runs import service
from playground.runs.hub import Hub
from playground.store.runs import RunInfo
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.inside.per_class import per_class_table
from playground.ui.learn.lesson import choose_run, events_of, experiment, open_train

# 200 images in all, 160 of them to learn by heart.
BY_HEART = RunConfig(
    hidden_layers=(1024,),
    train_images=200,
    validation_split=0.2,
    epochs=100,
    stop=True,
    stop_threshold=0.999,
)


def page() -> None:
    """The page, top to bottom: the three sets, one's own run, learning by heart, Train."""
    st.title("evaluate() and the three sets", anchor=False)
    st.markdown(
        "100 % on what one has seen can be memory. So there are three sets: the **training** set "
        "fits the weights, the **validation** set judges the hyperparameters, and the **test** "
        "set judges the model, once, after `fit()`, with `model.evaluate(x_test, y_test)`."
    )
    st.markdown(
        "The training accuracy that `fit()` reports for an epoch is the mean over that epoch, in "
        "which the weights still change, and with dropout at work. So it can be lower than the "
        "validation and the test accuracy, though the network knows the training images better. "
        "To compare them, the training images are judged once more **after** `fit()`, with the "
        "same weights as the test and without dropout."
    )
    hub, owner = service.hub(), current_owner()
    run = choose_run(hub, owner, "One of your runs that have been tested.", "test", BY_HEART)
    if run is None:
        st.info("You have no tested run yet. Train one here or on the Train page.")
    else:
        _three_sets(hub, run)
    st.subheader("Learning by heart", anchor=False)
    st.markdown(
        f"{BY_HEART.parameters:,} parameters and only {BY_HEART.fit_images} training images. The "
        "callback ends this run as soon as every one of them is called right."
    )
    runs = experiment(hub, owner, {"By heart": BY_HEART}, "Learn by heart")
    if runs:
        _three_sets(hub, runs["By heart"], heart=True)
    open_train(BY_HEART, "Then give it more images, fewer units, dropout or L2.")


def _three_sets(hub: Hub, run: RunInfo, heart: bool = False) -> None:
    key = "heart" if heart else "own"
    tests = events_of(hub, run, "test")
    history = history_frame(events_of(hub, run, "epoch"))
    if not tests or not len(history):
        st.info("This run ended before its first epoch. Choose or train another one.")
        return
    test, last, config = tests[0].data, history.iloc[-1], run.config
    trained: float | None = test.get("train_accuracy")  # older runs have none
    epoch, after, validation, tested = st.columns(4)
    epoch.metric(
        "Training accuracy, last epoch",
        f"{last.accuracy:.4f}",
        help="The mean over the epoch, while the weights changed: what fit() reports.",
    )
    after.metric(
        "Training accuracy, after training",
        "–" if trained is None else f"{trained:.4f}",
        help=f"On the {config.fit_photos:,} training images, with the weights of the end.",
    )
    validation.metric(
        "Validation accuracy",
        f"{last.val_accuracy:.4f}",
        help=f"On {config.validation_images:,} images kept aside, after the last epoch.",
    )
    tested.metric(
        "Test accuracy",
        f"{test['accuracy']:.4f}",
        help="On the 10,000 test images, with the weights of the end.",
    )
    show_figure(
        sets_figure(history, test["accuracy"], trained),
        f"Accuracy by epoch on the training images and the {config.validation_images:,} "
        "validation images; after training, the star is the test, the triangle training. "
        + _gap(trained, test["accuracy"])
        + _why(config),
        f"sets-{key}",
    )
    if heart:
        return
    with st.expander("Precision, recall and F1 of each label"):
        per_class_table(np.array(test["confusion"]), "test")


def _gap(trained: float | None, tested: float) -> str:
    """How much better the network is on what it has learned from, both with the same weights."""
    if trained is None:
        return (
            "This run is from before training images were judged after fit(), so there is nothing "
            "to compare the test with. Train it again to see it."
        )
    points = f"{abs(trained - tested) * 100:.1f} points"
    than = "on the test images than on those it has learned from"
    if points == "0.0 points":
        return "The network is as good on the test images as on those it has learned from."
    return f"The network is {points} {'worse' if trained > tested else 'better'} {than}."


def _why(config: RunConfig) -> str:
    """What else parts this run's training accuracy of an epoch from the one after fit()."""
    words = ""
    if config.dropout:
        words += (
            f" While this network trained, dropout put {config.dropout:.0%} of each hidden "
            "layer's outputs to 0; in validation and test it puts none to 0."
        )
    if config.fit_images > config.fit_photos:
        words += " In an epoch, what was added to the training images counts, too."
    if config.label_noise:
        words += (
            f" {config.label_noise:.0%} of the training labels are wrong, and an image that is "
            "called what it really is counts as a mistake there."
        )
    return words
