"""Inside the network in a real browser: from a number in the matrix to its images, and live."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.server import SOON, TRAINED, Server, button, status, train

# 1,000 validation images; each epoch takes a fraction of a second.
QUICK = "train_images=4000&validation_split=0.25&hidden_layers=32&epochs=3&early_stop=false"
# Long enough to look inside while it trains.
LONG = "train_images=12000&hidden_layers=32&batch_size=8&epochs=200&early_stop=false"
IN_ONE_GALLERY = 48


def look_inside(page: Page, view: str) -> None:
    page.get_by_text("Inside the network", exact=True).click()
    choice = page.get_by_role("radiogroup", name="View").get_by_text(view, exact=True)
    choice.click(timeout=TRAINED)
    expect(page.get_by_role("radio", name=view)).to_be_checked(timeout=SOON)


def cells(page: Page) -> Locator:
    return page.get_by_test_id("inside-matrix").get_by_role("gridcell")


def counts(page: Page) -> list[int]:
    """What the hundred cells show, row by row."""
    expect(cells(page)).to_have_count(100, timeout=SOON)
    return [int(text) for text in cells(page).all_inner_texts()]


def to_epoch(page: Page, epoch: int, key: str) -> None:
    slider = page.get_by_role("slider", name="Epoch")
    while f"after epoch {epoch}." not in shown(page).inner_text():
        before = shown(page).inner_text()
        slider.press(key)
        expect(shown(page)).not_to_have_text(before, timeout=SOON)
    sentence = page.get_by_text(re.compile(f"^After epoch {epoch}, "))
    expect(sentence).to_be_visible(timeout=SOON)


def shown(page: Page) -> Locator:
    return page.get_by_text("Shown: the network")


def images_of(page: Page, cell: Locator, count: int) -> None:
    """The gallery shows as many images as the cell's number says, all of that cell."""
    said = re.fullmatch(r"(\d+) images? of (.+) called (.+)", cell.get_attribute("title") or "")
    assert said is not None
    assert int(said[1]) == count
    heading = page.get_by_text(f"{said[0]} after epoch")
    expect(heading).to_be_visible(timeout=SOON)
    gallery = page.locator(".inside-cell img")
    expect(gallery).to_have_count(count, timeout=SOON)
    for image in gallery.all():
        expect(image).to_have_attribute("alt", re.compile(f": {said[2]} called {said[3]}, "))


@pytest.fixture
def trained(page: Page, server: Server) -> Page:
    """The page with a quick run that has finished, and its mistakes."""
    train(page, server, QUICK)
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    look_inside(page, "Mistakes")
    return page


def test_a_cell_that_shows_n_gives_exactly_n_images_at_two_epochs(trained: Page) -> None:
    before: list[int] = []
    for epoch in (3, 1):
        to_epoch(trained, epoch, "ArrowLeft")
        numbers = counts(trained)
        assert sum(numbers) == 1000
        assert numbers != before
        before = numbers
        fit = [i for i, n in enumerate(numbers) if 0 < n <= IN_ONE_GALLERY]
        for place in sorted(fit, key=numbers.__getitem__)[:: max(1, len(fit) - 1)]:
            cells(trained).nth(place).click()
            images_of(trained, cells(trained).nth(place), numbers[place])


# A matrix that is drawn has its numbers as texts of their own, this one as cells.
_SIZES = """(matrix) => [...matrix.querySelectorAll("text, .name, .cell")]
  .filter((one) => one.checkVisibility() && one.textContent.trim())
  .map((one) => parseFloat(getComputedStyle(one).fontSize))"""


def test_matrices_are_legible_on_a_phone(trained: Page) -> None:
    trained.set_viewport_size({"width": 400, "height": 850})
    for name in ("chart-confusion", "chart-test-confusion", "inside-matrix"):
        matrix = trained.get_by_test_id(name)
        matrix.scroll_into_view_if_needed(timeout=SOON)
        expect(matrix.locator("text, .cell").first).to_be_visible(timeout=SOON)
        sizes = matrix.evaluate(_SIZES)
        assert len(sizes) > 100, name
        assert min(sizes) >= 14, name
        moved = "(matrix) => matrix.scrollWidth - matrix.clientWidth"
        assert matrix.evaluate(moved) <= 0, f"{name} is wider than the screen"


def test_cells_are_chosen_by_keyboard(trained: Page) -> None:
    numbers = counts(trained)
    # By Tab to the one cell that is in the tab order; from there with the arrow keys.
    trained.get_by_role("radio", name="Mistakes").focus()
    trained.keyboard.press("Tab")
    start = trained.get_by_test_id("inside-matrix").locator("[tabindex='0']")
    expect(start).to_be_focused()
    titles = [cell.get_attribute("title") for cell in cells(trained).all()]
    row, column = divmod(titles.index(start.get_attribute("title")), 10)
    place = max(range(100), key=lambda i: numbers[i] if numbers[i] <= IN_ONE_GALLERY else 0)
    down, right = place // 10 - row, place % 10 - column
    for _ in range(abs(down)):
        trained.keyboard.press("ArrowDown" if down > 0 else "ArrowUp")
    for _ in range(abs(right)):
        trained.keyboard.press("ArrowRight" if right > 0 else "ArrowLeft")
    expect(cells(trained).nth(place)).to_be_focused()
    trained.keyboard.press("Enter")
    images_of(trained, cells(trained).nth(place), numbers[place])
    expect(cells(trained).nth(place)).to_be_focused()


@pytest.mark.slow
def test_while_it_trains_neurons_change_and_an_open_box_stays_open(
    page: Page, server: Server
) -> None:
    train(page, server, LONG)
    look_inside(page, "Neurons")
    sheet = page.locator("img.inside-neurons")
    expect(sheet).to_be_visible(timeout=TRAINED)
    for _ in range(2):
        expect(sheet).not_to_have_attribute("src", sheet.get_attribute("src") or "", timeout=SOON)
    page.get_by_role("radiogroup", name="View").get_by_text("Mistakes", exact=True).click()
    box = page.get_by_role("combobox", name="True label")
    box.click(timeout=TRAINED)
    option = page.get_by_role("option", name="Sandal")
    expect(option).to_be_visible(timeout=SOON)
    expect(shown(page)).not_to_have_text(shown(page).inner_text(), timeout=SOON)
    option.click()
    expect(page.get_by_text(re.compile("of Sandal called .+ after epoch"))).to_be_visible(
        timeout=SOON
    )
    button(page, "Stop").click()
    expect(status(page)).to_contain_text("Stopped", timeout=TRAINED)
