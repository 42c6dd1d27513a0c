from __future__ import annotations

from streamlit.testing.v1 import AppTest

from playground.ui import state
from playground.ui.tour.steps import STEPS, Progress


def script() -> None:
    """What every page begins with, and what Train adds."""
    import streamlit as st

    from playground.config import RunConfig
    from playground.ui import state
    from playground.ui.tour.tour import did, offer_tour, show_tour

    if st.button("Deepen"):
        state.set_config(RunConfig(hidden_layers=(128, 128)))
    if st.button("Start"):
        state.start_run("run")
    if st.button("Draw a bag"):
        did("draw")
    show_tour("")
    offer_tour()


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def said(app: AppTest) -> str:
    return " ".join(text.value for text in app.markdown)


def test_it_is_started_taken_and_left() -> None:
    app = AppTest.from_function(script).run()
    assert "Tour" not in said(app)
    press(app, "Tour")
    assert "Tour, 1 of 5: Drag **Hidden layers** to 2" in said(app)
    assert "Tour" not in [button.label for button in app.button]
    press(app, "Draw a bag")  # not asked for yet
    assert "1 of 5" in said(app)
    press(app, "Deepen")
    assert "2 of 5: Press **Train**" in said(app)
    press(app, "Start")
    assert "3 of 5: Point at a neuron" in said(app)
    press(app, "Skip")
    assert "4 of 5: Find a mistake" in said(app)
    press(app, "End the tour")
    assert said(app) == ""
    press(app, "Tour")  # again, from a network of two layers
    assert "1 of 5: Drag **Hidden layers** to 3" in said(app)


def test_the_last_step_ends_it() -> None:
    app = AppTest.from_function(script)
    app.session_state["remembered"] = {state.TOUR: Progress(len(STEPS) - 1, 2, None)}
    app.run()
    assert "5 of 5: Draw a bag" in said(app)
    press(app, "Draw a bag")
    assert "**Done.**" in said(app)
    press(app, "Close")
    assert said(app) == ""
