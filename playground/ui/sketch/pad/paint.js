// How strokes are painted. Painting them again gives the same picture.

import { SIDE } from "./strokes.js";

/**
 * @typedef {import("./strokes.js").Stroke} Stroke
 * @typedef {"ink" | "open"} FillProblem there is ink where a fill begins; its area reaches the edge
 */

export const SHARPNESS = 2; // canvas pixels per unit

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke[]} strokes all that are seen
 */
export function paint(context, strokes) {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  for (const stroke of strokes) {
    if (stroke.tool === "fill") paintFill(context, stroke.x, stroke.y, stroke.grey);
    else if (stroke.tool !== "clear") paintLine(context, stroke);
    if (stroke.tool === "eraser") dropSpecks(context);
  }
}

/**
 * Paint a line from the point whose x is points[from].
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./strokes.js").Line} line
 */
export function paintLine(context, { tool, points }, from = 0) {
  context.save();
  context.scale(SHARPNESS, SHARPNESS);
  context.globalCompositeOperation = tool === "eraser" ? "destination-out" : "source-over";
  // In a canvas' own colour, black.
  context.lineCap = "round";
  for (let i = from; i < points.length; i += 3) {
    const [x, y, width] = points.slice(i, i + 3);
    context.beginPath();
    if (i === 0) {
      context.arc(x, y, width / 2, 0, 2 * Math.PI);
      context.fill();
    } else {
      context.lineWidth = width;
      context.moveTo(points[i - 3], points[i - 2]);
      context.lineTo(x, y);
      context.stroke();
    }
  }
  context.restore();
}

/**
 * Strokes of the eraser leave faint edges where they overlap; nobody sees them, networks do.
 *
 * @param {CanvasRenderingContext2D} context
 */
export function dropSpecks(context) {
  const { width, height } = context.canvas;
  const image = context.getImageData(0, 0, width, height);
  for (let i = 3; i < image.data.length; i += 4) if (image.data[i] < 32) image.data[i] = 0;
  context.putImageData(image, 0, 0);
}

/**
 * Fill an enclosed area with grey; returns what is in the way, or null.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y in units
 * @param {number} grey 0 to 255
 * @returns {FillProblem | null}
 */
export function paintFill(context, x, y, grey) {
  const side = context.canvas.width;
  const image = context.getImageData(0, 0, side, side);
  const { data } = image;
  const pixel = (/** @type {number} */ value) =>
    Math.min(Math.max(Math.floor(value * SHARPNESS), 0), side - 1);
  const start = pixel(y) * side + pixel(x);
  const isInk = (/** @type {number} */ i) => data[4 * i + 3] >= 128;
  if (isInk(start)) return "ink";
  const area = enclosed(start, side, isInk);
  if (!area) return "open";
  for (const i of area) {
    const alpha = data[4 * i + 3];
    for (let c = 4 * i; c < 4 * i + 3; c++) {
      data[c] = (data[c] * alpha + grey * (255 - alpha)) / 255;
    }
    data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return null;
}

/**
 * The pixels around one that ink encloses, and two pixels on, under the ink's soft edge; null if
 * they reach the paper's edge.
 *
 * @param {number} start
 * @param {number} side
 * @param {(pixel: number) => boolean} isInk
 */
function enclosed(start, side, isInk) {
  const area = [start];
  /** @type {number[]} */
  const rim = [];
  const seen = new Uint8Array(side * side);
  seen[start] = 1;
  /**
   * @param {number} from
   * @param {(pixel: number) => number[]} list which list a neighbour joins
   */
  const spread = (from, list) => {
    for (const next of [from - 1, from + 1, from - side, from + side]) {
      if (next < 0 || next >= seen.length || seen[next]) continue;
      seen[next] = 1;
      list(next).push(next);
    }
  };
  for (const at of area) {
    const column = at % side;
    const atEdge = column === 0 || column === side - 1 || at < side || at >= side * (side - 1);
    if (atEdge) return null;
    spread(at, (next) => (isInk(next) ? rim : area));
  }
  for (const at of [...rim]) spread(at, () => rim);
  return area.concat(rim);
}

/**
 * The paper as a small PNG with an address of its own.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function png(canvas) {
  const small = document.createElement("canvas");
  small.width = small.height = SIDE;
  const context = /** @type {CanvasRenderingContext2D} */ (small.getContext("2d"));
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, SIDE, SIDE);
  return small.toDataURL("image/png");
}
