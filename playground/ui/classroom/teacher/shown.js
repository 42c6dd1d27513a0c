// A snapshot on the projector: what a member has answered, said, drawn or trained.

import { percent, said, spoken } from "../../common/translate.js";
import { pageTheme } from "../../common/plotly_page.js";
import { Plot } from "../curve/plot.js";
import { nothing } from "../curve/samples.js";

/** @typedef {import("../curve/samples.js").Samples} Samples */

const SIDE = 28; // pixels of a drawing

/**
 * The grey values of a drawing, 0 to 255; null if it is none.
 *
 * @param {string} item base64
 * @returns {number[] | null}
 */
export function pixels(item) {
  try {
    const bytes = Array.from(atob(item), (letter) => letter.charCodeAt(0));
    return bytes.length === SIDE * SIDE ? bytes : null;
  } catch {
    return null;
  }
}

/**
 * An answer in words; empty for a curve.
 *
 * @param {any} answer
 * @param {any} activity
 */
export function answerText(answer, activity) {
  const asked = activity?.prediction;
  if (answer?.choice !== undefined) return said(asked?.options[answer.choice]);
  if (answer?.number === undefined) return "";
  return answer.number.toLocaleString(spoken(), {
    minimumFractionDigits: asked?.decimals ?? 2,
    maximumFractionDigits: asked?.decimals ?? 2,
  });
}

/**
 * @param {any} snapshot
 * @param {string} name of the member, as the room may see it
 * @returns {HTMLElement[]} not on the page yet; `draw` of those that have one comes after
 */
export function elements(snapshot, name) {
  const made = [];
  if (snapshot.caption) made.push(text("p", "screen-caption", snapshot.caption));
  if (name) made.push(text("p", "screen-name", name));
  if (snapshot.text) made.push(text("blockquote", "screen-words", snapshot.text));
  const answered = answerText(snapshot.answer, snapshot.activity);
  if (answered) made.push(text("p", "screen-answer", answered));
  if (snapshot.run) {
    const last = snapshot.run.val_accuracies.at(-1);
    if (last !== undefined) made.push(text("p", "screen-answer", percent(last)));
  }
  if (snapshot.item) made.push(drawing(snapshot.item));
  if (snapshot.answer?.curve || snapshot.run) made.push(chart());
  return made;
}

/**
 * Draw the curve of a snapshot, if it has one, once it is on the page.
 *
 * @param {HTMLElement} root
 * @param {any} snapshot
 * @param {string} name of the member
 */
export function drawCurve(root, snapshot, name) {
  const svg = root.querySelector(".curve svg");
  if (!(svg instanceof SVGSVGElement)) return;
  const { times } = pageTheme(root);
  svg.replaceChildren();
  const plot = new Plot(svg);
  const { run, answer, activity } = snapshot;
  if (run) {
    plot.resize({ epochs: run.of, low: 0, high: 1 }, times);
    const points = run.val_accuracies.map(
      (/** @type {number} */ value, /** @type {number} */ i) => ({
        epoch: i + 1,
        value,
      }),
    );
    plot.render({ samples: nothing(), points, cursor: null, locked: true, realName: name });
    return;
  }
  const high = activity.prediction.metric.endsWith("loss") ? 2.5 : 1;
  plot.resize({ epochs: activity.prediction.epochs, low: 0, high }, times);
  plot.render({ samples: answer.curve, points: [], cursor: null, locked: true, drawnName: name });
}

function chart() {
  const box = document.createElement("div");
  box.className = "curve";
  box.dataset.locked = box.dataset.ready = "";
  box.append(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  return box;
}

/** @param {string} item */
function drawing(item) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const values = pixels(item);
  const context = canvas.getContext("2d");
  if (values && context) {
    const image = context.createImageData(SIDE, SIDE);
    // As an item is: bright on black; people drew dark on white.
    values.forEach((value, i) =>
      image.data.set([255 - value, 255 - value, 255 - value, 255], 4 * i),
    );
    context.putImageData(image, 0, 0);
  }
  return canvas;
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {string} words
 */
function text(kind, name, words) {
  const made = document.createElement(kind);
  made.className = name;
  made.textContent = words;
  return made;
}
