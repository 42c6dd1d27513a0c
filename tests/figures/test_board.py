"""Figures by their traces, not their pixels."""

from __future__ import annotations

import pytest

from playground.config import RunConfig
from playground.dataset import CLASS_NAMES
from playground.figures import board as charts
from playground.figures import style
from playground.figures.bindings import BINDINGS
from playground.figures.references import REFERENCES, references_figure
from tests.conftest import epoch_end

CONFIG = RunConfig()


def test_every_curve_has_its_binding_and_differs_by_more_than_colour() -> None:
    for name, figure in (
        ("loss", charts.loss_figure(CONFIG)),
        ("accuracy", charts.accuracy_figure(CONFIG)),
    ):
        bound = {b.trace for b in BINDINGS if b.chart == name}
        assert bound == set(range(len(figure.data)))
        looks = {(t.mode, t.line.dash, t.line.width, t.marker.symbol) for t in figure.data}
        assert len(looks) == len(figure.data)
        assert figure.layout.xaxis.title.text == "Epoch"
        assert figure.layout.uirevision == "board"


def test_the_loss_per_step_says_how_large_a_step_is_and_has_its_binding() -> None:
    figure = charts.step_loss_figure(RunConfig(batch_size=1))
    assert figure.layout.title.text == "Loss per step (a batch of 1 image)"
    full = charts.step_loss_figure(RunConfig(batch_size="full"))
    assert full.layout.title.text == "Loss per step (a batch of 50,000 images)"
    assert {b.trace for b in BINDINGS if b.chart == "step-loss"} == {0}
    assert len(figure.data) == 1


def test_the_threshold_line_is_there_only_if_the_run_stops_at_it() -> None:
    figure = charts.accuracy_figure(RunConfig(stop_threshold=0.8, monitor="val_accuracy"))
    (line,) = figure.layout.shapes
    assert (line.y0, line.y1, line.line.dash) == (0.8, 0.8, "dash")
    assert figure.layout.annotations[0].text == "stop above 80.0 % (validation)"
    assert not charts.accuracy_figure(RunConfig(early_stop=False)).layout.shapes
    assert not charts.loss_figure(CONFIG).layout.shapes


def test_accuracies_are_percentages_and_losses_are_not() -> None:
    parent = tuple(charts.Point(epoch, 0.5, 0.8, 0.4, 0.9) for epoch in (1, 2))
    origin = charts.Origin(1, parent)
    accuracy, loss = charts.accuracy_figure(CONFIG, origin), charts.loss_figure(CONFIG, origin)
    for figure, value, ticks in (
        (accuracy, "%{y:.1%}", style.PERCENT_TICKS),
        (loss, "%{y:.4f}", None),
    ):
        hovers = [
            trace.hovertemplate for trace in figure.data if "customdata" not in trace.hovertemplate
        ]
        assert len(hovers) >= 5
        assert all(hover.startswith(value) for hover in hovers)
        assert figure.layout.yaxis.tickformat == ticks


def test_published_results_are_test_accuracies_beside_this_run_s_own() -> None:
    published, own = references_figure().data
    assert list(published.x) == [r.accuracy for r in REFERENCES]
    assert list(published.y) == [r.name for r in REFERENCES]
    assert list(published.customdata) == [r.source for r in REFERENCES]
    assert {(b.event, b.trace, b.x) for b in BINDINGS if b.chart == "references"} == {
        ("test", 1, "accuracy")
    }
    assert own.y == ("This run",)


def test_lines_have_their_names_at_their_ends_and_text_is_large_enough() -> None:
    for figure in (charts.loss_figure(CONFIG), charts.accuracy_figure(CONFIG)):
        assert [t.name for t in figure.data if t.meta] == ["Training", "Validation"]
        assert figure.layout.margin.r >= 90
        assert figure.layout.showlegend is False
        sizes = [figure.layout.font.size, figure.layout.xaxis.title.font.size]
        sizes += [note.font.size for note in figure.layout.annotations]
        assert min(sizes) >= 14


@pytest.mark.parametrize(
    ("value", "text"), [(0.9, "90.0 %"), (1.0, "100.0 %"), (0.875, "87.5 %"), (0.8775, "87.75 %")]
)
def test_the_threshold_is_named_as_exactly_as_it_was_set(value: float, text: str) -> None:
    figure = charts.accuracy_figure(RunConfig(stop_threshold=value))
    assert f"above {text} (" in figure.layout.annotations[0].text


def test_confusion_has_true_labels_down_and_predicted_ones_across() -> None:
    figure = charts.confusion_figure("Title", 10_000)
    (matrix,) = figure.data
    assert matrix.x == matrix.y == CLASS_NAMES
    assert figure.layout.yaxis.range == (9.5, -0.5), "the first label is on top"
    assert figure.layout.xaxis.title.text == "Predicted label"
    assert "images of %{y} were called %{x}" in matrix.hovertemplate
    assert (matrix.zmin, matrix.zmax) == (0, 1000)
    stops = [stop for stop, _ in matrix.colorscale]
    assert stops == sorted(stops)
    assert (stops[0], stops[-1]) == (0, 1)
    assert matrix.textfont.size >= 14


def test_history_has_one_row_an_epoch() -> None:
    frame = charts.history_frame([epoch_end(n, val_accuracy=n / 10) for n in (1, 2)])
    assert list(frame.columns) == ["epoch", *charts.HISTORY]
    assert frame["epoch"].tolist() == [1, 2]
    assert frame["val_accuracy"].tolist() == [0.1, 0.2]


def test_history_without_an_epoch_keeps_its_columns() -> None:
    assert list(charts.history_frame([]).columns) == ["epoch", *charts.HISTORY]
