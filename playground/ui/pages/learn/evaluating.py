"""Learn, evaluate() and the three sets: training, validation and test accuracy of one's run."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.charts import history_frame
from playground.config import RunConfig
from playground.lesson_charts.training import sets_figure
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.store import RunInfo
from playground.ui.components.figure import picture
from playground.ui.components.lesson import choose_run, events_of, experiment, open_train
from playground.ui.components.per_class import per_class_table
from playground.ui.owner import current_owner

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
    test, last = tests[0].data, history.iloc[-1]
    seen = f"{run.config.fit_images:,}"
    gap = float(last.accuracy) - test["accuracy"]
    one, two, three = st.columns(3)
    one.metric("Training accuracy", f"{last.accuracy:.4f}", help=f"On {seen} images, seen.")
    two.metric(
        "Validation accuracy",
        f"{last.val_accuracy:.4f}",
        help=f"On {run.config.validation_images:,} images kept aside.",
    )
    three.metric("Test accuracy", f"{test['accuracy']:.4f}", help="On the 10,000 test images.")
    picture(
        sets_figure(history, test["accuracy"]),
        f"Accuracy by epoch on the {seen} training images and the "
        f"{run.config.validation_images:,} validation images; the star is the test. The network "
        f"is {abs(gap) * 100:.1f} points {'worse' if gap > 0 else 'better'} on the test images "
        "than on those it has learned from.",
        f"sets-{key}",
    )
    if heart:
        return
    with st.expander("Precision, recall and F1 of each label"):
        per_class_table(np.array(test["confusion"]), "test")
