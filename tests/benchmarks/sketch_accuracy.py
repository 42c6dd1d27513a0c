"""How well networks know drawings by people: accuracy over Quick, Draw! files.

    python -m tests.benchmarks.sketch_accuracy --sketches DIR --json
    python -m tests.benchmarks.sketch_accuracy --sketches DIR --sketchbook DIR2 --json

DIR holds `<word>.ndjson` in the simplified format; its words are those of
`playground.drawing.sketches`. Networks are trained as the app trains them and see none of DIR.
With --sketchbook the drawings of DIR2 go into training, as from the app's sketchbook. *Strict*
asks for the label, *group* for any label of its group.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.config import KNOWS_DRAWINGS, RunConfig
from playground.dataset import Label, Labelled, load_data
from playground.drawing.preprocessing import to_item
from playground.drawing.quickdraw import read_ndjson, render
from playground.drawing.sketches import WORDS
from playground.events import Evaluation, EventData
from playground.network.network import Network
from playground.training.control import Control
from playground.ui.address import from_query, to_query
from tests.benchmarks import machine

FOUR = ("t-shirt", "pants", "shoe", "purse")
_GROUPS = {
    "top": (Label.T_SHIRT, Label.PULLOVER, Label.DRESS, Label.COAT, Label.SHIRT),
    "trousers": (Label.TROUSER,),
    "footwear": (Label.SANDAL, Label.SNEAKER, Label.ANKLE_BOOT),
    "bag": (Label.BAG,),
}
# The group of each label, by label.
GROUPS = np.array([[label in group for group in _GROUPS.values()].index(True) for label in Label])
SETTINGS = urlencode(to_query(KNOWS_DRAWINGS))

Canvases = dict[str, list[NDArray[np.uint8]]]


def read(folder: Path) -> Canvases:
    """Every drawing of every known word in a folder, on paper as the app's pen draws it."""
    canvases: Canvases = {}
    for word in WORDS:
        path = folder / f"{word}.ndjson"
        if path.exists():
            drawings, problems = read_ndjson(path.read_text("utf-8").splitlines())
            for problem in problems:
                print(f"{path.name}: {problem}")
            canvases[word] = [render(drawing.strokes) for drawing in drawings]
    if not any(canvases.values()):
        raise SystemExit(f"{folder} has no drawings. It should hold files such as pants.ndjson.")
    return canvases


def shrunk(canvas: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What all tutorials do: the canvas, shrunk to 28 × 28 and negated."""
    return 255 - np.asarray(Image.fromarray(canvas).resize((28, 28), Image.Resampling.BOX))


def unfilled(canvas: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cropped and centred, its outline left open."""
    return to_item(canvas, fill=False)


def score(network: Network, canvases: Canvases, prepare: Any = to_item) -> dict[str, Any]:
    """Accuracy by word; strict over the four and over all drawings, and by group."""
    strict, group = {}, {}
    for word, drawings in canvases.items():
        predicted = network.predict(np.stack([prepare(x) for x in drawings])).argmax(axis=1)
        strict[word] = predicted == WORDS[word]
        group[word] = GROUPS[predicted] == GROUPS[WORDS[word]]
    four = [strict[word] for word in FOUR if word in strict]
    return {
        "strict_four": float(np.concatenate(four).mean()) if four else None,
        "strict": float(np.concatenate(list(strict.values())).mean()),
        "group": float(np.concatenate(list(group.values())).mean()),
        **{f"strict: {word}": float(right.mean()) for word, right in strict.items()},
        **{f"group: {word}": float(right.mean()) for word, right in group.items()},
    }


def trained(config: RunConfig, sketches: Labelled | None = None) -> tuple[Network, dict[str, Any]]:
    """A network trained as the app does it, its test accuracy, and how long it all took."""
    from playground.training.train import train

    events: list[EventData] = []
    start = time.perf_counter()
    outcome = train(config, load_data(), events.append, Control(), sketches)
    seconds = time.perf_counter() - start
    assert outcome.network is not None, outcome.reason
    test = next(data.accuracy for data in events if isinstance(data, Evaluation))
    return outcome.network, {"test_accuracy": test, "seconds": seconds}


def measure(config: RunConfig, canvases: Canvases, sketchbook: Canvases | None) -> dict[str, Any]:
    """The scores of one seed, by how the network was trained and the drawing prepared."""
    photos, without = trained(config.model_copy(update={"twins": 0.0, "sketchbook": 0.0}))
    both, twins = trained(config.model_copy(update={"sketchbook": 0.0}))
    results = {
        "photos only, canvas shrunk": without | score(photos, canvases, shrunk),
        "photos only, cropped": without | score(photos, canvases, unfilled),
        "photos only, cropped and filled": without | score(photos, canvases),
        "photos and twins": twins | score(both, canvases),
    }
    if sketchbook:
        words = [word for word, drawings in sketchbook.items() for _ in drawings]
        items = [to_item(x) for drawings in sketchbook.values() for x in drawings]
        labels = np.array([WORDS[word] for word in words], np.uint8)
        share = config.sketchbook or 0.25
        network, also = trained(
            config.model_copy(update={"sketchbook": share}), Labelled(np.stack(items), labels)
        )
        results["photos, twins and sketchbook"] = also | score(network, canvases)
    return results


def main() -> None:
    """Train and test for each seed; print the mean and the spread over the seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sketches", type=Path, required=True)
    parser.add_argument("--sketchbook", type=Path)
    parser.add_argument("--settings", default=SETTINGS, help="as in the app's address")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    config, problems = from_query(dict(parse_qsl(arguments.settings)))
    if problems:
        raise SystemExit(" ".join(problems))
    canvases = read(arguments.sketches)
    sketchbook = read(arguments.sketchbook) if arguments.sketchbook else None
    runs = [
        measure(config.model_copy(update={"seed": seed}), canvases, sketchbook)
        for seed in range(1, arguments.seeds + 1)
    ]
    results = {
        way: {
            name: {
                "mean": statistics.fmean(run[way][name] for run in runs),
                "spread": max(run[way][name] for run in runs) - min(run[way][name] for run in runs),
            }
            for name, value in runs[0][way].items()
            if value is not None
        }
        for way in runs[0]
    }
    if arguments.json:
        drawings = sum(map(len, canvases.values()))
        settings = config.model_dump(mode="json")
        about = {"settings": settings, "drawings": drawings, "seeds": arguments.seeds}
        print(json.dumps({**about, "machine": machine(), "results": results}, indent=2))
        return
    for way, scores in results.items():
        print(way)
        for name, value in scores.items():
            print(f"  {name:20} {value['mean']:.3f}  spread {value['spread']:.3f}")


if __name__ == "__main__":
    main()
