"""Images and bars as HTML: they change with every stroke, and a screen reader can read them.

They are HTML because Streamlit builds a Plotly chart again at every change of its data.
"""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from plotly.colors import hex_to_rgb, sequential

from playground.dataset import class_names
from playground.figures.style import BLUE, VERMILLION
from playground.locales import t

STYLE = """<style>
.draw-bars { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.draw-bars :is(th, td) { padding: 0.1rem 0.4rem; border: 0; font-weight: inherit; }
.draw-bars th:first-child { padding-left: 0; }
.draw-bars th { text-align: left; white-space: nowrap; width: 1%; }
.draw-bars td:last-child { padding-right: 0; text-align: right; white-space: nowrap; width: 6ch; }
.draw-bars tr.winner { font-weight: 700; }
.draw-bars .track { background: color-mix(in srgb, currentColor 12%, transparent); }
.draw-bars .bar { height: 1rem; background: #0072b2; }
h4.draw-row { padding: 0.75rem 0 0.5rem; }
.xray-output { flex: 0 1 17rem; font-size: 0.8125rem; line-height: 1.1; }
.draw-pictures { display: flex; flex-wrap: wrap; gap: 0.75rem 1rem; margin: 0; padding: 0; }
.draw-picture { margin: 0; }
.draw-picture figcaption { font-size: 0.875rem; line-height: 1.35; overflow-wrap: anywhere; }
.draw-picture img {
  display: block;
  object-fit: contain;
  background: black;
  outline: 1px solid color-mix(in srgb, currentColor 35%, transparent);
  margin: 1px 1px 0.25rem;
}
.draw-picture img.sharp { image-rendering: pixelated; }
</style>"""

_LUT = np.stack(
    [
        np.interp(np.linspace(0, len(sequential.Cividis) - 1, 256), range(10), channel)
        for channel in zip(*map(hex_to_rgb, sequential.Cividis), strict=True)
    ],
    axis=1,
).astype(np.uint8)

# Steps from white to either end: with so few, a sheet of neurons is half the size as a PNG.
STEPS = 32
_DIVERGING = np.array(
    [
        [255 - abs(step) / STEPS * (255 - channel) for channel in hex_to_rgb(colour)]
        for step in range(-STEPS, STEPS + 1)
        for colour in [BLUE if step < 0 else VERMILLION]
    ]
).astype(np.uint8)


def percent(share: float) -> str:
    """A probability as a whole percentage, e.g. "93 %"."""
    return f"{100 * share:.0f} %"


def bars_html(probabilities: NDArray[np.float32], name: str = "") -> str:
    """A table with a bar for each of the ten labels, in the data set's order. It needs `STYLE`.

    Args:
        probabilities: (10,), 0 to 1, summing to 1.
        name: what a screen reader calls the table; empty for "Probability of each label".
    """
    best = int(probabilities.argmax())
    rows = "".join(
        f'<tr{" class=winner" if label == best else ""}><th scope="row">{escape(label_name)}</th>'
        f'<td><div class="track"><div class="bar" style="width: {100 * share:.1f}%"></div></div>'
        f"</td><td>{percent(share)}</td></tr>"
        for label, (label_name, share) in enumerate(zip(class_names(), probabilities, strict=True))
    )
    name = escape(name or t("Probability of each label"))
    return f'<table class="draw-bars" aria-label="{name}">{rows}</table>'


def coloured(values: NDArray[np.floating], low: float, high: float) -> NDArray[np.uint8]:
    """Numbers (h, w) in the colours of cividis, `low` dark blue and `high` yellow: (h, w, 3)."""
    share = (values - low) / (high - low) if high > low else np.zeros_like(values)
    result: NDArray[np.uint8] = _LUT[np.clip(share * 255, 0, 255).astype(np.uint8)]
    return result


def diverging(values: NDArray[np.floating], end: float) -> NDArray[np.uint8]:
    """Numbers in blue (-end) over white (0) to vermillion (end): RGB in a new last axis."""
    share = np.clip(np.asarray(values) / (end or 1), -1, 1)
    result: NDArray[np.uint8] = _DIVERGING[np.rint(share * STEPS).astype(np.intp) + STEPS]
    return result


def data_url(pixels: NDArray[np.uint8]) -> str:
    """An image, grey (h, w), RGB or RGBA, as the address of a PNG."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def image_html(pixels: NDArray[np.uint8], caption: str, alt: str = "", side: int = 168) -> str:
    """An image with its caption; a small one shows its pixels. It needs `STYLE` on the page.

    Args:
        pixels: uint8, grey (h, w), RGB or RGBA.
        caption: shown below.
        alt: what a screen reader says for the image, where the caption does not say it.
        side: edge of the square for the image, in CSS pixels.
    """
    sharp = ' class="sharp"' if max(pixels.shape[:2]) <= 64 else ""
    return (
        f'<figure class="draw-picture" style="width: {side + 2}px"><img{sharp} '
        f'src="{data_url(pixels)}" alt="{escape(alt)}" width="{side}" height="{side}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )
