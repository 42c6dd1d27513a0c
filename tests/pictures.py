"""Make the pictures of README.md from the running app, with real runs and a real Chromium.

    python -m tests.pictures [scenes; default all]

Each scene is a visitor of their own; what it makes replaces the pictures in docs/. A scene trains
what it shows, so its numbers are this machine's. Look at each picture before you keep it.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import (
    Browser,
    Error,
    Locator,
    Page,
    StorageState,
    ViewportSize,
    expect,
)

from playground.ui.navigation import COURSE
from tests.e2e.axe import settle
from tests.e2e.server import (
    ROOT,
    SOON,
    Server,
    browser,
    button,
    open_train,
    share_compiled,
    status,
    train,
    train_button,
)
from tests.e2e.test_class_lesson import guess, lock
from tests.e2e.test_draw import answer, draw
from tests.e2e.test_inside import cells, look_inside
from tests.e2e.test_runs import open_runs, row

DOCS = ROOT / "docs"
WIDTH, HEIGHT = 1280, 800
MOST_BYTES = 250_000
TRAINED = 900_000  # milliseconds, for what needs training: the machine may have other work
# The outline of a shirt, as shares of the paper.
SHIRT = [(0.36, 0.17), (0.5, 0.27), (0.64, 0.17), (0.78, 0.22), (0.94, 0.42), (0.81, 0.5)]
SHIRT += [(0.71, 0.4), (0.72, 0.85), (0.28, 0.85), (0.29, 0.4), (0.19, 0.5), (0.08, 0.42)]
SHIRT += [(0.22, 0.22), (0.36, 0.17)]
SHIRTS, COATS = 6, 4
MEMBERS = "Mina Yuna Leo Sol Min-su Jun Hana Seo-yeon Noah Tim So-ra Ada Max Do-yun Ida Eun Ben"

# All that is in view has come, and is drawn; no hint is open.
_DRAWN = """() => {
  const inView = (one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return one.checkVisibility({ visibilityProperty: true }) && bottom > 0 && top < innerHeight;
  };
  const shown = (what) => [...document.querySelectorAll(what)].filter(inView);
  return document.fonts.status === "loaded"
    && shown("img").every((one) => one.complete)
    && shown(".js-plotly-plot").every((one) => one.querySelector("svg"))
    && !shown("[data-testid=stSpinner], [data-testid=stTooltipContent]").length;
}"""
_CONTENT = "() => Math.ceil(document.querySelector('[data-testid=stMain]').scrollHeight)"


class Studio:
    """One server, which is started when a scene asks for it, and a browser for each scene.

    Args:
        home: a folder for servers.
        cluster: where they train; each has workers of its own, if left out.
    """

    chromium: Browser

    def __init__(self, home: Path, cluster: str | None = None) -> None:
        self.home = home
        self._environment = {"DASK_SCHEDULER_ADDRESS": cluster} if cluster else {}
        self._running: Server | None = None
        self._ready_made = False

    @property
    def server(self) -> Server:
        """One that all scenes share."""
        return self.serve(ready_made=False)

    def serve(self, ready_made: bool) -> Server:
        """The server that runs, or another one, if this one has a ready-made network or none."""
        if self._running is None or self._ready_made != ready_made:
            self.stop()
            home = self.home / f"ready-made-{ready_made}"
            home.mkdir(exist_ok=True)
            if not (home / "compiled").exists():
                share_compiled(home)
            environment = {"PLAYGROUND_READY_MADE": str(int(ready_made)), **self._environment}
            self._running = Server(home, workers=2, **environment)
            self._ready_made = ready_made
        return self._running

    def stop(self) -> None:
        """End the server, if one runs."""
        if self._running:
            self._running.stop()
            self._running = None

    @contextmanager
    def visitor(
        self,
        width: int = WIDTH,
        height: int = HEIGHT,
        language: str = "en-GB",
        still: bool = True,
        dark: bool = False,
        person: StorageState | None = None,
    ) -> Iterator[Page]:
        """A page of somebody who was never here.

        Args:
            width: of the page, in pixels.
            height: of the page, in pixels.
            language: of the browser.
            still: whether the browser asks for less movement.
            dark: whether it asks for the dark theme.
            person: who it is, as a page's context tells; somebody else if left out.
        """
        with self.chromium.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            color_scheme="dark" if dark else "light",
            storage_state=person,
            reduced_motion="reduce" if still else "no-preference",
        ) as context:
            yield context.new_page()


def hold_still(page: Page) -> None:
    """Wait until nothing loads, no script runs and no hint is open."""
    page.mouse.move(WIDTH - 1, 1)
    settle(page)
    page.wait_for_function(_DRAWN, timeout=3 * SOON)


def fit(page: Page) -> None:
    """Make the page as high as what it shows, and wait until all of it is drawn."""
    for _ in range(3):  # charts that are drawn when they are in view may be higher
        hold_still(page)
        resize(page, HEIGHT // 2)
        height: int = page.evaluate(_CONTENT)
        resize(page, height)
    hold_still(page)


def resize(page: Page, height: int) -> None:
    """Give the page another height."""
    width = (page.viewport_size or ViewportSize(width=WIDTH, height=HEIGHT))["width"]
    page.set_viewport_size({"width": width, "height": height})


def take(page: Page, name: str, part: Locator | None = None, moving: bool = False) -> None:
    """Take a picture of a page, or of a part of it.

    Args:
        page: what is shown.
        name: of the picture, in docs/ and without its ending.
        part: of the page.
        moving: whether it is taken as it is, without waiting for what is still to come.
    """
    if not moving:
        hold_still(page)
    shot = (part or page).screenshot(animations="disabled")
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    path = DOCS / f"{name}.png"
    for colours in (256, 128, 64):
        image.quantize(colours, kmeans=1, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes, {colours} colours", flush=True)


def trained(page: Page, server: Server, query: str) -> str:
    """Train a run to its end; returns its id."""
    train(page, server, f"{query}&early_stop=false")
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    expect(button(page, "Go on")).to_be_visible(timeout=SOON)
    [run_id] = re.findall(r"[?&]run=(\w+)", page.url)
    return str(run_id)


def runs(studio: Studio) -> None:
    """Runs: a table of four, and two of them compared."""
    queries = ["hidden_layers=32&epochs=6", "epochs=12", "epochs=12&learning_rate=0.01"]
    queries += ["hidden_layers=128,64&epochs=8"]
    with studio.visitor() as page:
        ids = [trained(page, studio.server, query) for query in queries]
        open_runs(page)
        expect(page.locator("td.status").filter(has_text="Finished")).to_have_count(len(ids))
        fit(page)
        take(page, "runs")
        resize(page, 1700)
        page.goto(f"{studio.server.url}runs?compare=true&run={ids[0]}&run={ids[1]}")
        expect(page.locator(".compare-only-0 img").first).to_be_visible(timeout=3 * SOON)
        take(page, "compare")


def verdict(studio: Studio) -> None:
    """Two runs are repeated with other seeds, until it is clear which is better."""
    same = "epochs=3&train_images=30000"
    with studio.visitor() as page:
        ids = [trained(page, studio.server, f"hidden_layers={n}&{same}") for n in (8, 128)]
        open_runs(page)
        for run_id in ids:
            row(page, run_id).get_by_role("checkbox").check()
        button(page, "Repeat with other seeds").click()
        found = page.get_by_test_id("verdict")
        expect(found).to_contain_text("Over 5 seeds", timeout=TRAINED)
        expect(found).to_have_attribute("data-verdict", "better", timeout=SOON)
        expect(page.get_by_text(re.compile("under way"))).to_have_count(0, timeout=SOON)
        fit(page)
        take(page, "verdict")


def sweep(studio: Studio) -> None:
    """A sweep of nine runs, when six of them have ended."""
    with studio.visitor(height=700) as page:
        open_train(page, studio.server, "epochs=4&early_stop=false")
        button(page, "Sweep").click()
        expect(page.get_by_text(re.compile("^9 runs: about"))).to_be_visible(timeout=SOON)
        button(page, "Start the sweep").click()
        expect(page.get_by_test_id("sweep-cells")).to_be_visible(timeout=SOON)
        page.mouse.move(WIDTH - 1, 1)
        page.wait_for_function(
            "() => document.querySelectorAll('[data-testid=sweep-cells] [data-state=result]')"
            ".length >= 6",
            timeout=TRAINED,
        )
        take(page, "sweep", moving=True)
        expect(page.get_by_text("Done, 9 of 9 runs have ended")).to_be_visible(timeout=TRAINED)


def inside(studio: Studio) -> None:
    """The neurons of the first layer, and the shirts that are called coats."""
    with studio.visitor(height=1000) as page:
        trained(page, studio.server, "hidden_layers=64&epochs=10")
        look_inside(page, "Neurons")
        expect(page.locator("img.inside-neurons")).to_be_visible(timeout=SOON)
        box = page.get_by_test_id("stExpander").filter(has_text="Inside the network")
        hold_still(page)
        box.evaluate("box => box.scrollIntoView({block: 'end'})")
        take(page, "inside-neurons")
        resize(page, 1400)
        page.get_by_role("radiogroup", name="View").get_by_text("Mistakes", exact=True).click()
        cells(page).nth(10 * SHIRTS + COATS).click(timeout=SOON)
        expect(page.get_by_text("of Shirt called Coat after epoch 10")).to_be_visible(timeout=SOON)
        expect(page.locator(".inside-cell img").first).to_be_visible(timeout=SOON)
        hold_still(page)
        box.evaluate("box => box.scrollIntoView({block: 'start'})")
        page.mouse.move(WIDTH / 2, HEIGHT / 2)
        page.mouse.wheel(0, -300)  # what leads to it is in view, too
        take(page, "inside-mistakes")


def learn(studio: Studio) -> None:
    """The pages of Learn, after a run that has ended."""
    with studio.visitor() as page:
        trained(page, studio.server, "epochs=12")
        pages = [one for one in COURSE if one.path != "terms"]
        # What trains something comes last: the others show the visitor's newest run.
        for lesson in sorted(pages, key=lambda one: one.path in ("evaluate", "batch")):
            resize(page, HEIGHT)
            page.goto(studio.server.url + lesson.path)
            expect(page.get_by_role("heading", name=lesson.title, level=1)).to_be_visible(
                timeout=3 * SOON
            )
            if lesson.path == "evaluate":
                train_there(page, "Learn by heart", "By heart: loss")
            if lesson.path == "batch":
                train_there(page, "Train the four", "full batch: loss")
            fit(page)
            take(page, f"learn-{lesson.path.removeprefix('the-')}")


def train_there(page: Page, name: str, said: str) -> None:
    """Train what a page of Learn compares; returns when all of it has ended."""
    button(page, name).click(timeout=SOON)
    expect(page.get_by_text(said)).to_be_visible(timeout=TRAINED)
    expect(button(page, "Stop them")).to_have_count(0, timeout=TRAINED)


def sketch(studio: Studio) -> None:
    """A shirt that is drawn, judged by the network that the server trains by itself."""
    server = studio.serve(ready_made=True)
    with studio.visitor(height=1000) as page:
        page.goto(f"{server.url}draw")
        expect(page.get_by_test_id("sketchpad")).to_be_visible(timeout=3 * SOON)
        network = page.get_by_role("combobox", name="Network")
        expect(network).to_have_value(re.compile("Finished"), timeout=TRAINED)
        draw(page, SHIRT)
        expect(answer(page)).to_be_visible(timeout=SOON)
        expect(page.get_by_alt_text("Your drawing as the network gets it")).to_be_visible()
        take(page, "draw")
        page.get_by_text("Sketch X-ray").click()
        expect(page.get_by_alt_text("Training image:")).to_have_count(5, timeout=SOON)
        fit(page)
        box = page.get_by_test_id("stExpander").filter(has_text="Sketch X-ray")
        take(page, "draw-xray", box)


def twins(studio: Studio) -> None:
    """Sixteen sketch twins, as the settings show them."""
    with studio.visitor(width=1700) as page:
        open_train(page, studio.server)
        page.get_by_text("More settings").click()
        page.get_by_text("See sixteen sketch twins").click()
        sheet = page.get_by_test_id("stImage").filter(has_text="row by row")
        expect(sheet.locator("img")).to_be_visible(timeout=SOON)
        fit(page)
        take(page, "twins", sheet)


def lesson(studio: Studio) -> None:
    """A class at its jigsaw: the teacher's board, the projector and a member's telephone."""
    url = f"{studio.server.url}class"
    with studio.visitor() as teacher, studio.visitor(height=720) as screen, _members(studio) as all:
        teacher.goto(url)
        button(teacher, "Start a class").click(timeout=3 * SOON)
        board = teacher.get_by_test_id("class-board")
        expect(board).to_be_visible(timeout=SOON)
        code = teacher.get_by_test_id("join-code").inner_text()
        teacher.get_by_role("button", name="Links").click()
        secret = teacher.get_by_test_id("stCode").nth(1).inner_text()
        teacher.keyboard.press("Escape")
        screen.goto(f"{url}?{secret.partition('?')[2]}")
        for name, member in all.items():
            member.goto(f"{url}?code={code}")
            member.get_by_role("textbox", name="Nickname").fill(name, timeout=3 * SOON)
            member.get_by_role("button", name="Join", exact=True).click()
            expect(board).to_contain_text(name, timeout=2 * SOON)
        activities = teacher.get_by_role("combobox", name="Ready activities")
        activities.click()
        activities.press_sequentially("Jigsaw")
        expect(teacher.get_by_role("option")).to_have_count(1, timeout=SOON)
        activities.press("Enter")
        expect(activities).to_have_value(re.compile("^Jigsaw"), timeout=SOON)
        button(teacher, "Open").first.click()
        for number, member in enumerate(all.values()):
            line = member.get_by_test_id("class-live")
            line.get_by_role("button", name="Show it").click(timeout=2 * SOON)
            guess(member, "What validation accuracy", f"{0.84 - 0.04 * (number % 5):.2f}")
            lock(member)
            button(member, "Train").click()
        for member in all.values():
            expect(status(member)).to_contain_text("Finished", timeout=TRAINED)
        take(all["Sol"], "class-member")
        take(screen, "class-projector")
        take(teacher, "class-teacher")


@contextmanager
def _members(studio: Studio) -> Iterator[dict[str, Page]]:
    """A telephone for each member."""
    contexts = [
        studio.chromium.new_context(
            viewport={"width": 400, "height": 850}, locale="en-GB", reduced_motion="reduce"
        )
        for _ in MEMBERS.split()
    ]
    yield {
        name: context.new_page() for name, context in zip(MEMBERS.split(), contexts, strict=True)
    }
    for context in contexts:
        context.close()


def views(studio: Studio) -> None:
    """Train with a run that has ended: light, dark, for a projector and on a phone."""
    for language, folder, press, ended, then in (
        ("en-GB", "", "Train", "Finished", "Go on"),
        ("ko-KR", "ko/", "훈련", "완료", "이어서 훈련"),
    ):
        with studio.visitor(language=language) as page:
            page.goto(f"{studio.server.url}?epochs=8&early_stop=false")
            button(page, press).first.click(timeout=3 * SOON)
            expect(status(page)).to_contain_text(ended, timeout=TRAINED)
            expect(button(page, then)).to_be_visible(timeout=SOON)
            take(page, f"{folder}train")
            address, person = page.url, page.context.storage_state()
        phone, room = (400, 850), (WIDTH, 720)
        for name, size in (("dark", (WIDTH, HEIGHT)), ("phone", phone), ("projector", room)):
            dark = name == "dark"
            with studio.visitor(*size, language=language, dark=dark, person=person) as page:
                page.goto(address + ("&view=projector" if name == "projector" else ""))
                expect(status(page)).to_contain_text(ended, timeout=3 * SOON)
                hold_still(page)
                take(page, f"{folder}train-{name}")


def korean(studio: Studio) -> None:
    """A page of Learn in Korean."""
    with studio.visitor(language="ko-KR") as page:
        page.goto(f"{studio.server.url}activation-functions")
        expect(page.get_by_role("heading", name="활성화 함수", level=1)).to_be_visible(
            timeout=3 * SOON
        )
        take(page, "ko/learn-activation-functions")


class Film:
    """Pictures of a page, one after the other.

    Each is shown as long as it took until the next one, within limits: a machine that has other
    work makes no slower film.

    Args:
        page: what is filmed.
    """

    size = (880, 550)
    least, most = 0.13, 0.3  # seconds that a picture is shown
    most_bytes = 3_000_000
    _ARROW = ((0, 0), (0, 21), (5, 16), (9, 24), (13, 22), (9, 15), (16, 15))

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pointer = (640.0, 560.0)
        self.shots: list[tuple[float, float, Image.Image]] = []
        page.mouse.move(*self.pointer)

    def shoot(self, pause: float = 0) -> None:
        """Take a picture, which is shown for so many seconds if they are given."""
        self.shots.append((time.monotonic(), pause, self._frame()))

    def shoot_until(self, happened: Callable[[], bool]) -> None:
        """Film it until something has happened."""
        deadline = time.monotonic() + TRAINED / 1000
        while not happened():
            assert time.monotonic() < deadline
            self.shoot()

    def _frame(self) -> Image.Image:
        image = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        arrow = [(self.pointer[0] + x, self.pointer[1] + y) for x, y in self._ARROW]
        ImageDraw.Draw(image).polygon(arrow, fill="black", outline="white", width=2)
        return image.resize(self.size, Image.Resampling.LANCZOS)

    def move(self, x: float, y: float, steps: int = 4) -> None:
        """Move the pointer, and film it."""
        from_x, from_y = self.pointer
        for step in range(1, steps + 1):
            share = step / steps
            self.pointer = (from_x + (x - from_x) * share, from_y + (y - from_y) * share)
            self.page.mouse.move(*self.pointer)
            self.shoot()

    def point_at(self, place: Locator, steps: int = 4) -> None:
        """Move the pointer to the middle of something."""
        self.move(*middle(place), steps)

    def save(self, path: Path) -> None:
        """Write it, in the colours of its first, middle and last picture."""
        ends = [at for at, _, _ in self.shots[1:]] + [time.monotonic()]
        images: list[Image.Image] = []
        durations: list[float] = []
        for (at, pause, image), end in zip(self.shots, ends, strict=True):
            seconds = pause or min(max(end - at, self.least), self.most)
            if images and images[-1].tobytes() == image.tobytes():
                durations[-1] = max(durations[-1], seconds)
            else:
                images.append(image)
                durations.append(seconds)
        width, height = self.size
        sample = Image.new("RGB", (width, 3 * height))
        for number, image in enumerate((images[0], images[len(images) // 2], images[-1])):
            sample.paste(image, (0, number * height))
        palette = sample.quantize(255, kmeans=1)
        first, *others = (
            image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images
        )
        first.save(
            path,
            save_all=True,
            append_images=others,
            duration=[10 * round(100 * one) for one in durations],
            loop=0,
            optimize=True,
        )
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes, {len(images)} pictures")
        assert path.stat().st_size <= self.most_bytes


def middle(place: Locator) -> tuple[float, float]:
    """The middle of something on the page."""
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def film(studio: Studio) -> None:
    """Layers are dragged to 2, the network trains, a neuron and a mistake are looked at."""
    with studio.visitor(still=False) as page:
        open_train(page, studio.server)
        view = page.get_by_test_id("network-view")
        expect(view).to_have_attribute("data-epoch", "0", timeout=SOON)
        settle(page)
        made = Film(page)
        made.shoot(1)
        layers = page.get_by_role("slider", name="Hidden layers")
        track = page.get_by_test_id("stSlider").filter(has=layers).bounding_box()
        assert track is not None
        made.point_at(layers.locator(".."))  # its handle
        x, y = made.pointer
        page.mouse.down()
        made.move(x + track["width"] / 5, y)
        page.mouse.up()
        second = page.get_by_test_id("neuron-2-0")
        made.shoot_until(second.is_visible)
        expect(layers).to_have_value("2")
        made.shoot(1)
        made.point_at(train_button(page))
        train_button(page).click()
        made.move(640, 700)
        made.shoot_until(status(page).filter(has_text="Finished").is_visible)
        expect(page.get_by_test_id("test-accuracy")).to_contain_text("%", timeout=SOON)
        settle(page)
        made.shoot(1)
        made.point_at(page.get_by_test_id(re.compile("^neuron-1-")).nth(2))
        expect(page.locator(".nv-exciting canvas")).to_have_count(5, timeout=SOON)
        made.shoot(2)
        mistake = page.get_by_role("button", name="Next mistake")
        made.point_at(mistake)
        mistake.click()
        expect(view).to_contain_text(re.compile("says .+, but it is"), timeout=SOON)
        made.shoot(2)
        made.save(DOCS / "film.gif")


SCENES: dict[str, Callable[[Studio], None]] = {
    one.__name__: one
    for one in (views, film, runs, verdict, sweep, inside, learn, sketch, twins, lesson, korean)
}


def main(arguments: list[str] | None = None) -> None:
    """Make the pictures of the scenes that are asked for.

    Args:
        arguments: of the command line; those of this process, if left out.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tests.pictures",
        description=__doc__,
        epilog="\n".join(f"{name}: {scene.__doc__}" for name, scene in SCENES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("scenes", nargs="*", metavar="scene", help=", ".join(SCENES))
    parser.add_argument("--cluster", metavar="tcp://…", help="train on this Dask cluster")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.scenes) - set(SCENES):
        parser.error(f"there is no scene {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as home:
        studio = Studio(Path(home), asked.cluster)
        try:
            failed = [name for name in asked.scenes or SCENES if not _made(SCENES[name], studio)]
        finally:
            studio.stop()
    sys.exit(f"These scenes failed: {', '.join(failed)}" if failed else 0)


def _made(scene: Callable[[Studio], None], studio: Studio) -> bool:
    try:
        with browser() as studio.chromium:
            scene(studio)
    except (AssertionError, Error):
        traceback.print_exc()
        return False
    return True


if __name__ == "__main__":
    main()
