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
from playground.figures.style import NEGATIVE, POSITIVE
from playground.locales import t

STYLE = """<style>
.draw-bars { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.draw-bars :is(th, td) {
  padding: var(--pg-space-2) var(--pg-space-6);
  border: 0;
  font-weight: inherit;
}
.draw-bars th:first-child { padding-left: 0; }
.draw-bars th { text-align: left; white-space: nowrap; width: 1%; }
.draw-bars tr.winner { font-weight: 700; }
.draw-bars .track { background: color-mix(in srgb, currentColor 12%, transparent); }
.draw-bars .bar { height: 1rem; background: var(--pg-blue); }
.draw-bars .bar.above { height: 0.6875rem; }
.draw-bars .thin { height: 0.3125rem; background: currentColor; }
.draw-bars :is(.share, thead th) {
  padding-right: 0;
  text-align: right;
  white-space: nowrap;
  width: 6ch;
}
h3.draw-row { font-size: var(--pg-text-text); padding: var(--pg-space-12) 0 var(--pg-space-8); }
.xray-output { flex: 0 1 17rem; font-size: var(--pg-text-small); line-height: 1.1; }
.draw-pictures {
  display: flex;
  flex-wrap: wrap;
  gap: var(--pg-space-12) var(--pg-space-16);
  margin: 0;
  padding: 0;
}
.draw-picture { margin: 0; }
.draw-picture figcaption {
  font-size: var(--pg-text-small);
  line-height: 1.35;
  overflow-wrap: anywhere;
}
.draw-picture img {
  display: block;
  object-fit: contain;
  background: var(--pg-ink);
  outline: 1px solid color-mix(in srgb, currentColor 35%, transparent);
  margin: 1px 1px var(--pg-space-4);
}
.draw-picture img.sharp { image-rendering: pixelated; }
.draw-picture img.signed { background: none; }
</style>"""

_LUT = np.stack(
    [
        np.interp(np.linspace(0, len(sequential.Cividis) - 1, 256), range(10), channel)
        for channel in zip(*map(hex_to_rgb, sequential.Cividis), strict=True)
    ],
    axis=1,
).astype(np.uint8)

# Steps from nothing to either end: with so few, a sheet of neurons is half the size as a PNG.
STEPS = 32
_SIGNED = np.array(
    [
        [*hex_to_rgb(NEGATIVE if step < 0 else POSITIVE), abs(step) / STEPS * 255]
        for step in range(-STEPS, STEPS + 1)
    ]
).astype(np.uint8)


def percent(share: float, digits: int = 0) -> str:
    """A share as a percentage: a probability as "93 %", an accuracy, with a digit, as "88.3 %"."""
    written = f"{100 * share:.{digits}f}"
    return t("{percent} %", percent=written)


def bars_html(
    probabilities: NDArray[np.float32],
    name: str = "",
    beside: tuple[str, str, NDArray[np.float32]] | None = None,
) -> str:
    """A table with a bar for each of the ten labels, in the data set's order. It needs `STYLE`.

    Args:
        probabilities: (10,), 0 to 1, summing to 1.
        name: what a screen reader calls the table; empty for "Probability of each label".
        beside: another network's probabilities, as thin bars, after what this one and that one are
            called.
    """
    best = int(probabilities.argmax())
    rows = []
    for label, (label_name, share) in enumerate(zip(class_names(), probabilities, strict=True)):
        bar, thin, other = _bar("bar", share), "", ""
        if beside is not None:
            its = beside[2][label]
            bar, thin = _bar("bar above", share), _bar("thin", its)
            other = f"<td class=share>{percent(its)}</td>"
        winner = " class=winner" if label == best else ""
        rows.append(
            f'<tr{winner}><th scope="row">{escape(label_name)}</th>'
            f'<td><div class="track">{bar}{thin}</div></td>'
            f"<td class=share>{percent(share)}</td>{other}</tr>"
        )
    head = ""
    if beside is not None:
        names = "".join(f'<th scope="col">{escape(name)}</th>' for name in beside[:2])
        head = f"<thead><tr><td></td><td></td>{names}</tr></thead>"
    name = escape(name or t("Probability of each label"))
    return f'<table class="draw-bars" aria-label="{name}">{head}{"".join(rows)}</table>'


def _bar(kind: str, share: float) -> str:
    return f'<div class="{kind}" style="width: {100 * share:.1f}%"></div>'


def coloured(values: NDArray[np.floating], low: float, high: float) -> NDArray[np.uint8]:
    """Numbers (h, w) in the colours of cividis, `low` dark blue and `high` yellow: (h, w, 3)."""
    share = (values - low) / (high - low) if high > low else np.zeros_like(values)
    result: NDArray[np.uint8] = _LUT[np.clip(share * 255, 0, 255).astype(np.uint8)]
    return result


def signed(values: NDArray[np.floating], end: float) -> NDArray[np.uint8]:
    """Numbers in the two colours of signs, as opaque as they are large: RGBA in a new last axis.

    What is 0 shows the page, in every theme.

    Args:
        values: of any shape.
        end: from here on a colour is opaque.
    """
    share = np.clip(np.asarray(values) / (end or 1), -1, 1)
    result: NDArray[np.uint8] = _SIGNED[np.rint(share * STEPS).astype(np.intp) + STEPS]
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
    kinds = {
        "sharp": max(pixels.shape[:2]) <= 64,
        # A picture whose colours are transparent has the page behind it, not black.
        "signed": pixels.shape[2:] == (4,) and not pixels[..., 3].all(),
    }
    names = " ".join(name for name, it_is in kinds.items() if it_is)
    return (
        f'<figure class="draw-picture" style="width: {side + 2}px"><img class="{names}" '
        f'src="{data_url(pixels)}" alt="{escape(alt)}" width="{side}" height="{side}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )
