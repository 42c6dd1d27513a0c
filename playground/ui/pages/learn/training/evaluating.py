"""Learn, evaluate() and the three sets: training, validation and test accuracy of one's run."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.config import RunConfig
from playground.events import EpochEnd, Evaluation
from playground.figures.board import history_frame
from playground.figures.lesson.training import sets_figure
from playground.locales import t
from playground.runs import service
from playground.runs.hub import Hub
from playground.store.runs import RunInfo
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.common.pictures import percent
from playground.ui.inside.per_class import per_class_table
from playground.ui.learn.lesson import choose_run, events_of, experiment, open_train
from playground.ui.learn.prose import prose

# 200 images in all, 160 of them to learn by heart.
BY_HEART = RunConfig(
    hidden_layers=(1024,),
    train_images=200,
    validation_split=0.2,
    epochs=100,
    early_stop=True,
    stop_threshold=0.999,
)


def page() -> None:
    """The page, top to bottom: the three sets, one's own run, learning by heart, Train."""
    st.title(t("evaluate() and the three sets"), anchor=False)
    prose(
        t(
            "A network that is right about every image it has seen may only have learned them by "
            "heart. So there are three sets: the **training** set fits the weights, the "
            "**validation** set judges the hyperparameters, and the **test** set judges the model, "
            "once, after `fit()`, with evaluate(): `model.evaluate(x_test, y_test)`."
        )
    )
    prose(
        t(
            "The training accuracy that `fit()` reports for an epoch is the mean over that epoch, "
            "while the weights still change and dropout is at work. So it can be lower than the "
            "validation and the test accuracy, although the network knows the training images "
            "better. For a fair comparison, the training images are judged once more **after** "
            "`fit()`, with the same weights as the test images and without dropout."
        )
    )
    hub, owner = service.hub(), current_owner()
    run = choose_run(
        hub,
        owner,
        "evaluate_run",
        t("One of your runs that have been tested."),
        Evaluation,
        BY_HEART,
    )
    if run is None:
        st.info(t("You have no tested run yet. Train one here or on the Train page."))
    else:
        _three_sets(hub, run)
    _learning_by_heart(hub, owner)
    open_train(
        BY_HEART,
        t("Give this network more images, fewer units, dropout or L2, and see what helps."),
    )


def _learning_by_heart(hub: Hub, owner: str) -> None:
    st.header(t("Learning by heart"), anchor=False)
    prose(
        t(
            "This network has {parameters:,} parameters and only {images} training images. The "
            "callback ends the run as soon as the network is right about every one of them.",
            parameters=BY_HEART.parameters,
            images=BY_HEART.fit_images,
        )
    )
    runs = experiment(hub, owner, {t("By heart"): BY_HEART}, t("Learn by heart"), "evaluate")
    for run in runs.values():
        _three_sets(hub, run, heart=True)


def _three_sets(hub: Hub, run: RunInfo, heart: bool = False) -> None:
    if run.sealed:
        st.info(
            t(
                "This run is sealed: it is not judged on the test images. Your class compares test "
                "accuracies when the teacher opens the envelope."
            )
        )
        return
    key = "heart" if heart else "own"
    tests = events_of(hub, run, Evaluation)
    history = history_frame(events_of(hub, run, EpochEnd))
    if not tests or not len(history):
        st.info(t("This run ended before the end of its first epoch. Choose or train another one."))
        return
    test, last, config = tests[0], history.iloc[-1], run.config
    trained = test.train_accuracy  # older runs have none
    _metrics(config, last.accuracy, trained, last.val_accuracy, test.accuracy)
    sentences = [
        t(
            "Accuracy of each epoch on the training images and on the {images:,} validation "
            "images. After training, the triangle is the accuracy on the training images, and the "
            "star is the accuracy on the test images.",
            images=config.validation_images,
        ),
        _gap(trained, test.accuracy),
        *_reasons(config),
    ]
    show_figure(sets_figure(history, test.accuracy, trained), " ".join(sentences), f"sets-{key}")
    if heart:
        return
    with st.expander(t("Precision, recall and F1 of each label")):
        per_class_table(np.array(test.confusion), "test")


def _metrics(
    config: RunConfig, reported: float, trained: float | None, validation: float, tested: float
) -> None:
    """Four accuracies beside each other: as fit() reported it, trained, validation and test."""
    shown = (
        (
            t("Training accuracy, last epoch"),
            reported,
            t("The mean over the epoch, while the weights changed: what fit() reports."),
        ),
        (
            t("Training accuracy, after training"),
            trained,
            t(
                "On the {images:,} training images, with the weights at the end of training.",
                images=config.fit_photos,
            ),
        ),
        (
            t("Validation accuracy"),
            validation,
            t(
                "On {images:,} images that were kept aside, after the last epoch.",
                images=config.validation_images,
            ),
        ),
        (
            t("Test accuracy"),
            tested,
            t("On the 10,000 test images, with the weights at the end of training."),
        ),
    )
    for column, (label, accuracy, hint) in zip(st.columns(4), shown, strict=True):
        column.metric(label, "–" if accuracy is None else percent(accuracy, 1), help=hint)


def _gap(trained: float | None, tested: float) -> str:
    """How much better the network is on what it has learned from, both with the same weights."""
    if trained is None:
        return t(
            "This run is older than the comparison after fit(), so there is nothing to compare the "
            "test accuracy with. Train it again to see it."
        )
    points = round(abs(trained - tested) * 100, 1)
    if not points:
        return t("The network is as good on the test images as on those it has learned from.")
    if trained > tested:
        return t(
            "The network is {points:.1f} percentage points worse on the test images than on "
            "those it has learned from.",
            points=points,
        )
    return t(
        "The network is {points:.1f} percentage points better on the test images than on "
        "those it has learned from.",
        points=points,
    )


def _reasons(config: RunConfig) -> list[str]:
    """Why else this run's training accuracy of an epoch differs from the one after fit()."""
    sentences = []
    if config.dropout:
        sentences.append(
            t(
                "While this network trained, dropout set {share:.0%} of each hidden layer's "
                "outputs to 0; in validation and test it sets none to 0.",
                share=config.dropout,
            )
        )
    if config.fit_images > config.fit_photos:
        sentences.append(
            t("In an epoch, the images that were added to the training images count, too.")
        )
    if config.label_noise:
        sentences.append(
            t(
                "{share:.0%} of the training labels are wrong on purpose, and for such an image "
                "the right answer counts as a mistake.",
                share=config.label_noise,
            )
        )
    return sentences
