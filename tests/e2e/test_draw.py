from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, TimeoutError, expect

from playground.dataset import CLASS_NAMES
from playground.store.runs import Store
from playground.store.sketchbook import Sketchbook
from tests.e2e.server import SOON, TRAINED, Server, button, status, traces, train, train_button

# The outline of a pair of trousers, as shares of the paper.
TROUSERS = [(0.35, 0.1), (0.65, 0.1), (0.68, 0.9), (0.55, 0.9), (0.5, 0.35), (0.45, 0.9)]
TROUSERS += [(0.32, 0.9), (0.35, 0.1)]
# And of a bag with a handle.
BAG = [(0.35, 0.35), (0.4, 0.15), (0.6, 0.15), (0.65, 0.35), (0.88, 0.35), (0.92, 0.85)]
BAG += [(0.08, 0.85), (0.12, 0.35), (0.65, 0.35)]


@pytest.fixture(scope="module")
def trained(chromium: Browser, server: Server) -> str:
    """The id of a finished run."""
    context = chromium.new_context()
    page = context.new_page()
    train(page, server, "epochs=2&early_stop=false")
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    expect(page).to_have_url(re.compile("run="), timeout=SOON)
    run = re.search(r"run=(\w+)", page.url)
    context.close()
    assert run is not None
    return run[1]


@pytest.fixture
def sketchbook(server: Server) -> Iterator[None]:
    """The server's sketchbook is empty at first and at the end, also of a test that fails."""
    book = Sketchbook(Store(server.home).engine)
    book.clear("", teacher=True)
    yield
    book.clear("", teacher=True)


Outline = list[tuple[float, float]]


def choose_soon(page: Page, box: Locator, option: re.Pattern[str]) -> None:
    """Choose in a select box whose labels change as a run ends, which closes its list."""
    for _ in range(5):
        box.click()
        try:
            page.get_by_role("option", name=option).click(timeout=SOON / 4)
            return
        except TimeoutError:
            page.keyboard.press("Escape")
    raise AssertionError("the list did not stay open")


def places(page: Page, outline: Outline) -> list[tuple[float, float]]:
    """An outline on the paper, in the page's pixels."""
    paper = page.get_by_test_id("sketchpad")
    paper.scroll_into_view_if_needed(timeout=SOON)
    box = paper.bounding_box()
    assert box is not None
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in outline]


def draw(page: Page, outline: Outline) -> None:
    """One stroke of the mouse along an outline."""
    first, *others = places(page, outline)
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def draw_with_a_finger(page: Page, outline: Outline) -> None:
    """One stroke of a finger along an outline."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        touched = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

    corners = places(page, outline)
    touch("touchStart", corners[0])
    for (x0, y0), (x1, y1) in pairwise(corners):
        for step in range(1, 9):
            touch("touchMove", (x0 + (x1 - x0) * step / 8, y0 + (y1 - y0) * step / 8))
    touch("touchEnd")


def open_draw(page: Page, server: Server, run: str) -> None:
    page.goto(f"{server.url}draw?run={run}")
    expect(page.get_by_test_id("sketchpad")).to_be_visible(timeout=3 * SOON)


def answer(page: Page) -> Locator:
    return page.get_by_role("heading", name="The network says:")


def choose(page: Page, box: str, option: str) -> None:
    # A long list shows its end only when it is scrolled, or when something is typed.
    chooser = page.get_by_role("combobox", name=box)
    chooser.click()
    chooser.press_sequentially(option)
    expect(page.get_by_role("option")).to_have_text([option], timeout=SOON)
    chooser.press("Enter")
    expect(chooser).to_have_value(option, timeout=SOON)


def photo_file(contents: bytes) -> FilePayload:
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": contents}


def no_wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A page on a phone 400 px wide, touched with fingers."""
    context = chromium.new_context(viewport={"width": 400, "height": 850}, has_touch=True)
    yield context.new_page()
    context.close()


def test_an_item_drawn_with_the_mouse_is_judged(page: Page, server: Server, trained: str) -> None:
    open_draw(page, server, trained)
    draw(page, BAG)
    expect(answer(page)).to_contain_text("Bag", timeout=SOON)
    table = page.get_by_role("table", name="Probability of each label")
    expect(table.get_by_role("row")).to_have_count(10)
    expect(table.get_by_role("rowheader")).to_have_text(list(CLASS_NAMES))
    expect(page.get_by_alt_text("Your drawing as the network gets it")).to_be_visible()
    assert no_wider_than_the_screen(page)


def test_an_item_drawn_with_a_finger_is_judged_on_a_phone(
    phone: Page, server: Server, trained: str
) -> None:
    open_draw(phone, server, trained)
    draw_with_a_finger(phone, TROUSERS)
    expect(answer(phone)).to_contain_text("Trouser", timeout=SOON)
    expect(phone.get_by_test_id("sketchpad")).to_be_in_viewport(ratio=1)
    expect(answer(phone)).to_be_in_viewport(ratio=1)
    assert no_wider_than_the_screen(phone)


def test_drawing_goes_by_keyboard_alone(page: Page, server: Server, trained: str) -> None:
    open_draw(page, server, trained)
    paper = page.get_by_role("application", name="Sketchpad")
    paper.focus()
    for key in ["Space", *["ArrowRight"] * 6, *["ArrowDown"] * 12, "Space"]:
        paper.press(key)
    expect(answer(page)).to_be_visible(timeout=SOON)
    paper.press("Control+z")
    expect(page.get_by_text("Draw something:")).to_be_visible(timeout=SOON)
    paper.press("Control+y")
    expect(answer(page)).to_be_visible(timeout=SOON)


def test_the_guide_is_no_ink_and_a_fill_has_the_grey_that_was_chosen(
    page: Page, server: Server, trained: str
) -> None:
    open_draw(page, server, trained)
    choose(page, "Tracing guide", "Bag")
    expect(page.locator(".sp-guide")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("Draw something:")).to_be_visible()
    draw(page, BAG)
    page.get_by_role("button", name="Fill", exact=True).click()
    page.get_by_role("slider", name="Fill grey").fill("97")
    draw(page, [(0.5, 0.6), (0.5, 0.6)])
    grey = "Array.from(document.querySelector('[data-testid=sketchpad]').getContext('2d')"
    assert page.evaluate(f"{grey}.getImageData(280, 336, 1, 1).data)") == [7, 7, 7, 255]
    expect(answer(page)).to_be_visible(timeout=SOON)


def test_the_x_ray_shows_every_step(page: Page, server: Server, trained: str) -> None:
    open_draw(page, server, trained)
    draw(page, TROUSERS)
    expect(answer(page)).to_be_visible(timeout=SOON)
    page.get_by_text("Sketch X-ray").click()
    for words in ("1. Ink", "Outline closed and filled", "Scaled input", "raise “Trouser” most"):
        expect(page.get_by_text(words)).to_be_visible(timeout=SOON)
    expect(page.get_by_alt_text("Training image:")).to_have_count(5)


def test_a_photo_is_judged_and_another_file_refused(
    page: Page, server: Server, trained: str
) -> None:
    photo = Image.new("RGB", (640, 480), (215, 205, 180))
    photo.paste((60, 40, 90), (260, 60, 380, 420))
    photo.paste((215, 205, 180), (310, 150, 330, 420))
    file = io.BytesIO()
    photo.save(file, "JPEG")
    open_draw(page, server, trained)
    page.get_by_text("Photo", exact=True).click()
    chooser = page.locator("input[type=file]")
    chooser.set_input_files(photo_file(file.getvalue()))
    expect(answer(page)).to_contain_text("Trouser", timeout=SOON)
    chooser.set_input_files(photo_file(b"no photo at all"))
    expect(page.get_by_text("not a PNG, JPEG or WebP image")).to_be_visible(timeout=SOON)
    expect(answer(page)).to_have_count(0)


def test_a_kept_drawing_is_in_everyones_sketchbook(
    page: Page, phone: Page, server: Server, trained: str, sketchbook: None
) -> None:
    open_draw(page, server, trained)
    draw(page, BAG)
    expect(answer(page)).to_be_visible(timeout=SOON)
    choose(page, "What it is", "Bag")
    page.get_by_role("button", name="Keep in the sketchbook").click()
    expect(page.get_by_text("Kept as Bag")).to_be_visible(timeout=SOON)
    # It stays until another is drawn: also when something else draws the page again.
    choose(page, "What it is", "Coat")
    expect(page.get_by_text("Kept as Bag")).to_be_visible(timeout=SOON)

    phone.goto(f"{server.url}sketchbook?run={trained}")
    expect(phone.get_by_text("1 drawing, kept by 1 person")).to_be_visible(timeout=3 * SOON)
    expect(phone.get_by_text("1 of 1 drawings right")).to_be_visible(timeout=SOON)
    expect(phone.get_by_text("Delete your drawings")).to_have_count(0)
    assert no_wider_than_the_screen(phone)

    page.goto(f"{server.url}sketchbook")
    page.get_by_text("Delete your drawings").click(timeout=3 * SOON)
    page.get_by_test_id("stButton").get_by_role("button").filter(has_text="Delete").first.click()
    expect(page.get_by_text("The sketchbook is empty")).to_be_visible(timeout=SOON)


def test_a_pinned_drawing_is_judged_at_every_epoch(
    page: Page, server: Server, trained: str
) -> None:
    open_draw(page, server, trained)
    draw(page, TROUSERS)
    expect(answer(page)).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Pin for training").click()
    expect(page.get_by_text("Pinned.")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_alt_text("Your pinned drawing")).to_be_visible(timeout=SOON)
    page.get_by_label("Epochs", exact=True).fill("2")
    page.get_by_label("Epochs", exact=True).press("Enter")
    expect(page).to_have_url(re.compile("epochs=2"), timeout=SOON)
    train_button(page).click()
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    chart = page.get_by_test_id("chart-pinned")
    expect(chart).to_be_visible(timeout=SOON)
    rows = traces(page, "pinned")[0]
    assert rows["y"] == [0, 1, 2]
    assert [round(sum(row), 4) for row in rows["z"]] == [1, 1, 1]


def test_who_follows_the_advice_is_answered_by_the_new_network(
    page: Page, server: Server, trained: str
) -> None:
    open_draw(page, server, trained)
    draw(page, TROUSERS)
    network = page.get_by_role("combobox", name="Network")
    expect(network).to_have_value(re.compile("^128 relu"), timeout=SOON)
    button(page, "Open on Train").click()
    expect(page.get_by_label("Units in layer 1", exact=True)).to_have_value("1024", timeout=SOON)
    page.get_by_text("More settings").click()
    for label, value in (("Training images", "2000"), ("Epochs", "1")):
        page.get_by_label(label, exact=True).fill(value)
        page.get_by_label(label, exact=True).press("Enter")
    expect(page).to_have_url(re.compile("epochs=1&.*train_images=2000"), timeout=SOON)
    train_button(page).click()
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(network).to_have_value(re.compile("^1024 relu"), timeout=SOON)
    expect(answer(page)).to_be_visible(timeout=SOON)
    expect(button(page, "Open on Train")).to_have_count(0)
    choose_soon(page, network, re.compile("^128 relu"))
    button(page, "Ask a network that knows drawings").click()
    expect(network).to_have_value(re.compile("^1024 relu"), timeout=SOON)


def test_a_full_paper_takes_no_more_ink_and_loses_none(
    page: Page, server: Server, trained: str
) -> None:
    full = [{"tool": "pen", "points": [n % 280, n // 280, 8]} for n in range(1_997)]
    drawing = json.dumps({"version": 7, "strokes": full, "undone": []})
    page.goto(server.url)
    page.evaluate("d => sessionStorage.setItem('playground-sketchpad', d)", drawing)
    open_draw(page, server, trained)
    said = page.get_by_text("The paper is full: a drawing has 2,000 points at most.")
    draw(page, [(0.2, 0.5), (0.8, 0.5)])  # straight: two points, whatever the mouse sent
    expect(answer(page)).to_be_visible(timeout=SOON)
    assert points_on(page) == 1_999
    draw(page, BAG)
    expect(said).to_be_visible(timeout=SOON)
    assert points_on(page) == 2_000
    expect(page.get_by_text("too large")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(said).to_have_count(0)
    assert points_on(page) == 1_999

    # Larger than a message to the server may be: it is not sent, and the page stays connected.
    large = {"tool": "pen", "points": [9, 9, 8], "more": "x" * 3_500_000}
    drawing = json.dumps({"version": 99, "strokes": [large], "undone": []})
    page.evaluate("d => sessionStorage.setItem('playground-sketchpad', d)", drawing)
    page.reload()
    status_line = page.locator(".sp-status")
    expect(status_line).to_contain_text("This drawing is too large", timeout=SOON)
    page.get_by_role("button", name="Clear").click()
    draw(page, BAG)
    expect(answer(page)).to_be_visible(timeout=SOON)
    expect(status_line).not_to_contain_text("too large")


def points_on(page: Page) -> int:
    """How many points the paper's lines have, as the tab remembers them."""
    found: int = page.evaluate(
        "JSON.parse(sessionStorage.getItem('playground-sketchpad')).strokes"
        ".reduce((sum, {points}) => sum + points.length / 3, 0)"
    )
    return found
