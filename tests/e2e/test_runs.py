"""The page Runs in a browser: live rows, star, name, deletion and undo, by mouse and keys."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.server import ENDED, SOON, TRAINED, Server, button, open_train, status, train

QUICK = "hidden_layers=16&train_images=2000&epochs=2&early_stop=false"
LONG = "hidden_layers=16&train_images=2000&epochs=200&early_stop=false&batch_size=1"


def trained(page: Page, server: Server, query: str) -> str:
    """Train a run to its end; returns its id."""
    train(page, server, query)
    expect(status(page)).to_contain_text(ENDED, timeout=TRAINED)
    [run_id] = re.findall(r"[?&]run=(\w+)", page.url)
    return str(run_id)


def open_runs(page: Page) -> Locator:
    """Open Runs by the navigation; returns the table."""
    page.get_by_role("link", name="Runs", exact=True).click()
    table = page.get_by_test_id("runs-table")
    expect(table).to_be_visible(timeout=SOON)
    return table


def row(page: Page, run_id: str) -> Locator:
    return page.locator(f'tr[data-run="{run_id}"]')


def downloaded(page: Page, label: str) -> Path:
    """Press a button that downloads a file; returns the file."""
    with page.expect_download(timeout=SOON) as loading:
        page.get_by_test_id("stDownloadButton").get_by_role("button", name=label).click()
    return Path(loading.value.path())


def test_a_row_follows_its_run_without_a_press(page: Page, server: Server) -> None:
    open_train(page, server, LONG)
    button(page, "Train").click()
    expect(status(page)).to_contain_text("Running", timeout=TRAINED)
    table = open_runs(page)
    epochs = table.locator("td.epochs").first
    expect(epochs).to_have_text(re.compile(r"^\d+ of 200"), timeout=TRAINED)
    expect(epochs).not_to_have_text(epochs.inner_text(), timeout=SOON)
    expect(table.locator("td.status").first).to_contain_text("Running")
    expect(table.locator("td.val_accuracy").first).to_have_text(re.compile(r"^\d+\.\d %$"))
    table.locator("tbody th button").first.click()
    button(page, "Stop").click(timeout=SOON)
    expect(status(page)).to_contain_text("Stopped", timeout=SOON)


def test_star_rename_and_delete_with_undo(page: Page, server: Server) -> None:
    first = trained(page, server, QUICK)
    second = trained(page, server, f"{QUICK}&learning_rate=0.01")
    open_runs(page)

    row(page, first).get_by_role("button", name=re.compile("^Star of")).click()
    expect(page.locator('[aria-pressed="true"]')).to_have_count(1)

    # By the keyboard alone: the box stays focused.
    row(page, first).get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    name = page.get_by_role("textbox", name="Name", exact=True)
    name.fill("The first")
    name.press("Enter")
    expect(row(page, first)).to_contain_text("The first", timeout=SOON)
    expect(page).to_have_url(re.compile(f"run={first}$"))

    page.reload()
    expect(row(page, first)).to_contain_text("The first", timeout=SOON)
    expect(row(page, first).locator('[aria-pressed="true"]')).to_be_visible()
    expect(row(page, first).get_by_role("checkbox")).to_be_checked()
    expect(row(page, second).get_by_role("checkbox")).not_to_be_checked()

    assert second in downloaded(page, "CSV").read_text()
    with zipfile.ZipFile(downloaded(page, "TensorBoard")) as logs:
        folders = {name.rpartition("/")[0] for name in logs.namelist()}
    top = min(folders)
    assert re.fullmatch(r"The-first-\d+", top)
    assert folders == {f"{top}{part}" for part in ("", "/train", "/validation")}

    button(page, "Delete").click()
    expect(row(page, first)).to_have_count(0, timeout=SOON)
    button(page, "Undo").click()
    expect(row(page, first)).to_be_visible(timeout=SOON)

    row(page, second).get_by_role("checkbox").check()
    button(page, "Delete").click()
    expect(row(page, second)).to_have_count(0, timeout=SOON)
    expect(button(page, "Undo")).to_have_count(0, timeout=SOON)
    page.goto(f"{server.url}runs?run={second}")
    expect(page.get_by_text(f"There is no run “{second}” on this server.")).to_be_visible(
        timeout=SOON
    )
    expect(row(page, first)).to_be_visible()


def test_a_phone_shows_runs_as_cards(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 400, "height": 850})
    run_id = trained(page, server, QUICK)
    page.goto(f"{server.url}runs")
    expect(row(page, run_id)).to_be_visible(timeout=SOON)
    box = page.locator(".runs-scroll")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")


def points(page: Page, chart: str) -> list[int]:
    """How many points each curve on the validation images has."""
    found: list[int] = page.evaluate(
        "c => (document.querySelector(`[data-testid=compare-${c}]`)?.data ?? [])"
        ".filter((trace) => trace.visible).map(({ x }) => x.length)",
        chart,
    )
    return found


def test_two_runs_are_compared_by_the_setting_that_differs(page: Page, server: Server) -> None:
    first = trained(page, server, QUICK)
    second = trained(page, server, f"{QUICK}&learning_rate=0.01")
    open_runs(page)
    for run_id in (first, second):
        row(page, run_id).get_by_role("checkbox").check()
    button(page, "Compare").click()

    board = page.get_by_test_id("compare-board")
    expect(board).to_be_visible(timeout=SOON)
    differing = page.get_by_test_id("compare-differences").locator("[data-testid^=difference-]")
    expect(differing).to_have_count(1)
    expect(page.get_by_test_id("difference-learning_rate")).to_contain_text("0.001")
    expect(page.get_by_test_id("difference-learning_rate")).to_contain_text("0.01")
    expect(board).to_contain_text("Only one thing differs: Learning rate")
    expect(board.locator(".scatterlayer .trace:visible")).to_have_count(4, timeout=SOON)
    assert points(page, "loss") == points(page, "accuracy") == [2, 2]
    expect(page.get_by_text("What only one of them knows")).to_be_visible(timeout=SOON)
    expect(page.locator(".compare-only-0 img").first).to_be_visible(timeout=SOON)

    page.get_by_role("radio", name="Steps", exact=True).click()
    page.wait_for_function(
        "() => document.querySelector('[data-testid=compare-loss]').data[0].x.at(-1) > 2",
        timeout=SOON,
    )
    expect(page).to_have_url(re.compile("axis=steps"), timeout=SOON)
    page.reload()
    expect(page.get_by_test_id("difference-learning_rate")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("radio", name="Steps", exact=True)).to_be_checked()


def test_curves_of_runs_that_train_grow_without_a_press(page: Page, server: Server) -> None:
    ended = trained(page, server, QUICK)
    open_train(page, server, LONG)
    button(page, "Train").click()
    expect(status(page)).to_contain_text("Running", timeout=TRAINED)
    [training] = re.findall(r"[?&]run=(\w+)", page.url)
    page.goto(f"{server.url}runs?compare=true&run={ended}&run={training}")
    page.wait_for_function(
        "() => (document.querySelector('[data-testid=compare-loss]')?.data ?? [])[2]?.x.length > 4",
        timeout=TRAINED,
    )
    expect(page.get_by_test_id("compare-board")).to_contain_text(re.compile(r"Running: \d"))
