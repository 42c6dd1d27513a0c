"""A lab report as one HTML file that needs nothing else: no network, no script, no font.

Every text is escaped where it enters the page, whatever it is; elements and attributes are ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from playground.classroom.report.charts import curves_svg
from playground.classroom.report.data import Chapter, Curves, Look, Prediction, Report, Table
from playground.locales import t

# Where a browser obeys it, nothing is loaded or run even if an escape were missing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
# Colours, sizes and spaces are those of `Look.variables`.
_STYLE = """
@page { size: A4; margin: 16mm 15mm; }
:root { color-scheme: light; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 var(--pg-space-16);
  color: var(--pg-ink); background: var(--pg-paper); font-size: var(--pg-text-text);
  font-family: "Source Sans 3", "Noto Sans KR", system-ui, sans-serif; line-height: 1.5;
  overflow-wrap: break-word; }
h1 { margin: 0; font-size: var(--pg-text-title); line-height: 1.2; }
h2 { margin: 2rem 0 var(--pg-space-8); padding-top: var(--pg-space-8);
  border-top: 2px solid var(--pg-ink); font-size: var(--pg-text-large); break-after: avoid; }
h3 { margin: var(--pg-space-16) 0 var(--pg-space-4); font-size: var(--pg-text-text);
  break-after: avoid; }
p, ul { margin: var(--pg-space-4) 0; }
.about { color: var(--pg-muted); }
.words { padding: var(--pg-space-4) var(--pg-space-16); border-left: 4px solid var(--pg-accent);
  background: color-mix(in srgb, var(--pg-accent) 8%, transparent); }
.mark { font-weight: 700; }
svg { width: 100%; min-width: 40rem; height: auto; font-size: var(--pg-text-small);
  fill: var(--pg-muted); }
.axis { stroke: var(--pg-gray); }
.grid { stroke: color-mix(in srgb, var(--pg-gray) 35%, transparent); }
figure { margin: var(--pg-space-8) 0; break-inside: avoid; overflow-x: auto; }
figcaption { font-weight: 600; }
table { width: 100%; margin: var(--pg-space-6) 0; border-collapse: collapse;
  font-size: var(--pg-text-small); }
th, td { padding: var(--pg-space-4) var(--pg-space-6); border-bottom: 1px solid var(--pg-gray);
  text-align: left; }
tr { break-inside: avoid; }
.scroll { overflow-x: auto; }
pre { padding: var(--pg-space-8); border: 1px solid var(--pg-gray);
  background: color-mix(in srgb, var(--pg-gray) 8%, transparent);
  font-size: var(--pg-text-tiny); line-height: 1.35; white-space: pre-wrap; }
@media print {
  body { max-width: none; margin: 0; padding: 0; background: none;
    font-size: var(--pg-text-small); }
  svg { min-width: 0; }
  .scroll, figure { overflow: visible; }
}
"""


def page(report: Report, look: Look) -> str:
    """The report as HTML; its headings are in the language that is spoken now."""
    title = t("Lab report: {name}", name=report.name)
    about = " · ".join(part for part in (report.class_name, report.date) if part)
    body = [
        f"<h1>{escape(report.name)}</h1>",
        f'<p class="about">{escape(t("Lab report"))} · {escape(about)}</p>',
        *_paragraphs(report.said),
    ]
    if not report.chapters:
        body += _paragraphs([t("Nothing has been done in this class yet.")])
    for number, chapter in enumerate(report.chapters, 1):
        body += _chapter(number, chapter, look)
    return (
        f'<!doctype html>\n<html lang="{escape(report.language)}">\n<head>\n'
        f'<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{look.variables}{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _chapter(number: int, chapter: Chapter, look: Look) -> list[str]:
    parts = [f"<section><h2>{number}. {escape(chapter.title)}</h2>", *_paragraphs(chapter.text)]
    if chapter.cell:
        parts += [_heading(t("My cells of the grid")), *_paragraphs(chapter.cell)]
    if chapter.prediction is not None:
        parts += [_heading(t("My prediction")), *_prediction(chapter.prediction, look)]
    if chapter.runs is not None:
        parts += [_heading(t("My runs")), _table(chapter.runs)]
    if chapter.curves is not None:
        parts.append(_figure(chapter.curves, look))
    if chapter.compared:
        parts.append(_heading(t("What the runs say about the settings")))
        for sentences in chapter.compared:
            parts += [f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in sentences)}</ul>"]
    if chapter.goal:
        parts += [_heading(t("Goal")), *_paragraphs(chapter.goal)]
    if chapter.envelope:
        parts += [_heading(t("The test images")), *_paragraphs(chapter.envelope)]
    if chapter.words or chapter.question:
        parts.append(_heading(t("In my own words")))
        parts += _paragraphs([chapter.question] if chapter.question else [])
        said = chapter.words.splitlines() if chapter.words else [t("Nothing was written here.")]
        parts.append(f'<div class="words">{"".join(_paragraphs(said))}</div>')
    if chapter.script:
        parts.append(_heading(t("My best run as a Keras script")))
        parts.append(f"<pre>{escape(chapter.script)}</pre>")
    return [*parts, "</section>"]


def _prediction(prediction: Prediction, look: Look) -> list[str]:
    parts = _paragraphs([prediction.question])
    if prediction.options:
        items = "".join(
            _option(index, option, prediction) for index, option in enumerate(prediction.options)
        )
        parts.append(f"<ul>{items}</ul>")
    if prediction.curves is not None:
        parts.append(_figure(prediction.curves, look))
    return parts + _paragraphs(prediction.said)


def _option(index: int, option: str, prediction: Prediction) -> str:
    marks = []
    if index == prediction.chosen:
        marks.append(t("my prediction"))
    if index == prediction.right:
        marks.append(t("what happens"))
    text = escape(option)
    if not marks:
        return f"<li>{text}</li>"
    return f'<li class="mark">{text} ({escape(", ".join(marks))})</li>'


def _figure(curves: Curves, look: Look) -> str:
    drawn = curves_svg(curves, look.colours)
    return f"<figure><figcaption>{escape(curves.title)}</figcaption>{drawn}</figure>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    rows = "".join(
        ('<tr class="mark">' if index == table.marked else "<tr>")
        + "".join(f"<td>{escape(cell)}</td>" for cell in row)
        + "</tr>"
        for index, row in enumerate(table.rows)
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _heading(text: str) -> str:
    return f"<h3>{escape(text)}</h3>"


def _paragraphs(texts: Iterable[str]) -> list[str]:
    return [f"<p>{escape(text)}</p>" for text in texts if text.strip()]
