// The paper: a canvas on which strokes are painted while they are drawn.

import { dropSpecks, paint, paintFill, paintLine, png, SHARPNESS } from "./paint.js";
import { SIDE } from "./strokes.js";

/** @typedef {import("./strokes.js").Line} Line */

export class Paper {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    canvas.width = canvas.height = SIDE * SHARPNESS;
    const options = { willReadFrequently: true };
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", options));
    /** @type {ImageData | null} */
    this.before = null; // the paper without the line that is being drawn
  }

  /**
   * Where a pointer is, in units.
   *
   * @param {PointerEvent} event
   */
  position({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    return {
      x: ((clientX - box.left) / box.width) * SIDE,
      y: ((clientY - box.top) / box.height) * SIDE,
    };
  }

  /** @param {import("./strokes.js").Stroke[]} strokes all that are seen */
  repaint(strokes) {
    paint(this.context, strokes);
  }

  /** @param {Line} line of one point */
  begin(line) {
    this.before = this.context.getImageData(0, 0, this.canvas.width, this.canvas.height);
    paintLine(this.context, line);
  }

  /** @param {Line} line with a new last point */
  extend(line) {
    paintLine(this.context, line, line.points.length - 3);
  }

  /**
   * What is seen is what the stroke says, as when it is painted again.
   *
   * @param {Line} line
   */
  end(line) {
    if (this.before) this.context.putImageData(this.before, 0, 0);
    paintLine(this.context, line);
    if (line.tool === "eraser") dropSpecks(this.context);
  }

  /**
   * Fill an enclosed area; returns what is in the way, or null.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} grey
   */
  fill(x, y, grey) {
    return paintFill(this.context, x, y, grey);
  }

  /** The picture, as the address of a PNG. */
  png() {
    return png(this.canvas);
  }
}
