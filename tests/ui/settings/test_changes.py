"""What the settings differ in, and the presses that set several at once."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from playground.config import KNOWS_DRAWINGS, RunConfig
from playground.runs.hub import Hub
from playground.ui.address import from_query, to_query
from playground.ui.settings.changes import badge, changed
from playground.ui.settings.presets import PRESETS
from tests.ui.pages.test_train import hub, labelled, opened

__all__ = ["hub"]


def settings(app: AppTest) -> RunConfig:
    """What the address says, for somebody who has no session."""
    config, problems = from_query({name: _one(app, name) for name in app.query_params})
    assert not problems
    return config


def _one(app: AppTest, name: str) -> str:
    value: Any = app.query_params[name]
    return value if isinstance(value, str) else str(value[0])


def buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


@pytest.mark.usefixtures("hub")
def test_each_changed_setting_has_a_chip_that_resets_it() -> None:
    app = opened(epochs="7", dropout="0.2", batch_size="512")
    assert [label for label in buttons(app) if "✕" in label] == [
        *("dropout 0.2 ✕", "batch 512 ✕", "7 epochs ✕"),
    ]
    labelled(app.button, "batch 512 ✕").click().run()
    assert settings(app) == RunConfig(epochs=7, dropout=0.2)
    assert labelled(app.selectbox, "Batch size").value == 32
    labelled(app.button, "Reset all").click().run()
    assert not app.query_params
    assert "Reset all" not in buttons(app)
    assert any("defaults" in text.value for text in app.markdown)


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_sets_all_but_the_seed(preset: Any) -> None:
    app = opened(epochs="7", seed="5")
    button = labelled(app.button, preset.name)
    assert button.help
    button.click().run()
    assert settings(app) == preset.config.model_copy(update={"seed": 5})
    assert labelled(app.number_input, "Epochs").value == preset.config.epochs


def test_best_drawings_is_the_network_that_knows_them() -> None:
    assert [one.config for one in PRESETS if one.name == "Best drawings"] == [KNOWS_DRAWINGS]


def test_settings_other_than_those_of_the_run_are_named_and_can_be_taken_back(hub: Hub) -> None:
    run = hub.submit("somebody else", RunConfig(epochs=3))
    app = opened(run=run)
    said = [text.value for text in app.markdown]
    assert "The settings are those of this run." in said
    labelled(app.number_input, "Epochs").set_value(9).run()
    assert any("not those of this run:** Epochs 9 (this run: 3)." in t.value for t in app.markdown)
    labelled(app.button, "Take its settings").click().run()
    assert labelled(app.number_input, "Epochs").value == 3
    assert "The settings are those of this run." in [text.value for text in app.markdown]


def test_a_link_shows_settings_that_are_not_those_of_its_run(hub: Hub) -> None:
    run = hub.submit("somebody else", RunConfig(epochs=3))
    app = opened(run=run)
    labelled(app.button, "Reset all").click().run()
    elsewhere = opened(**{name: _one(app, name) for name in app.query_params})
    assert labelled(elsewhere.number_input, "Epochs").value == RunConfig().epochs
    assert _one(elsewhere, "run") == run


def test_a_page_that_sets_something_is_quoted_until_train_is_pressed(hub: Hub) -> None:
    app = AppTest.from_function(_arrived, default_timeout=30).run()
    assert [box.value for box in app.success] == ["Set for you: rate 0.01. Now press Train."]
    labelled(app.number_input, "Epochs").set_value(9).run()
    assert len(app.success) == 1
    labelled(app.button, "Train").click().run()
    app.run()
    assert not app.success
    assert hub.runs()[0].config == RunConfig(learning_rate=0.01, epochs=9)


def _arrived() -> None:
    import streamlit as st

    from playground.config import RunConfig
    from playground.ui import state
    from playground.ui.pages import train

    if "there" not in st.session_state:
        st.session_state["there"] = True
        state.arrive(RunConfig(learning_rate=0.01))
    train.page()


def test_a_plain_address_shows_the_run_that_one_has_in_training(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To AppTest, each run of the script is another browser's.
    monkeypatch.setattr("playground.ui.pages.train.current_owner", lambda: "me")
    hub.submit("somebody else", RunConfig())
    assert "run" not in opened().query_params
    run = hub.submit("me", RunConfig(epochs=3))
    app = opened()
    assert _one(app, "run") == run
    assert labelled(app.number_input, "Epochs").value == 3
    assert "run" not in opened(epochs="4").query_params


def test_the_badge_of_the_fold_counts_what_is_changed_in_it() -> None:
    config = RunConfig(dropout=0.2, epochs=3)
    assert changed(config) == ["dropout", "epochs"]
    assert badge(config, ("dropout", "seed")) == "dropout 0.2"
    assert badge(config, ("seed",)) == ""
    assert badge(RunConfig(dropout=0.2, seed=1), ("dropout", "seed")) == "2 changed"


def test_an_address_says_only_what_is_changed() -> None:
    assert to_query(RunConfig()) == {}
    assert to_query(RunConfig(batch_size=512)) == {"batch_size": "512"}
