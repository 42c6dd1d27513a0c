// A drawing is a list of strokes, oldest first, in a square of SIDE × SIDE units.

/**
 * @typedef {{tool: "pen" | "eraser", points: number[]}} Line
 *   points: x, y, width, x, y, width, …; each part of the line is as wide as its end says
 * @typedef {{tool: "fill", x: number, y: number, grey: number}} Fill grey: 0 to 255
 * @typedef {{tool: "clear"}} Clear what is older is not seen
 * @typedef {Line | Fill | Clear} Stroke
 */

export const SIDE = 280;

/** @param {number} value in units, to a tenth */
export const round = (value) => Math.round(value * 10) / 10;

/**
 * The strokes since the last clear.
 *
 * @param {Stroke[]} strokes
 */
export function visible(strokes) {
  return strokes.slice(strokes.findLastIndex(({ tool }) => tool === "clear") + 1);
}

/**
 * How many points strokes have; a fill counts as one. `drawing_state.py` counts so, too.
 *
 * @param {Stroke[]} strokes
 */
export function countPoints(strokes) {
  const count = (/** @type {Stroke} */ stroke) =>
    "points" in stroke ? Math.max(1, stroke.points.length / 3) : 1;
  return strokes.reduce((sum, stroke) => sum + count(stroke), 0);
}

/**
 * A line without the points that hardly change it, by Ramer, Douglas and Peucker.
 *
 * @param {number[]} points x, y, width, … in units
 * @param {number} epsilon how far off a point may be, and how much wider, that goes: a quarter of a
 *   unit is a 40th of a pixel of the network's picture.
 */
export function thinned(points, epsilon = 0.25) {
  const kept = new Set([0, points.length - 3]);
  const todo = [[0, points.length - 3]];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [from, to] = next;
    const [x0, y0] = points.slice(from, from + 2);
    const [dx, dy] = [points[to] - x0, points[to + 1] - y0];
    const square = dx * dx + dy * dy;
    let [farthest, middle] = [epsilon, -1];
    for (let i = from + 3; i < to; i += 3) {
      const [x, y] = [points[i] - x0, points[i + 1] - y0];
      const share = square ? Math.min(Math.max((x * dx + y * dy) / square, 0), 1) : 0;
      const off = Math.hypot(x - share * dx, y - share * dy);
      const away = Math.max(off, Math.abs(points[i + 2] - points[to + 2]));
      if (away > farthest) [farthest, middle] = [away, i];
    }
    if (middle < 0) continue;
    kept.add(middle);
    todo.push([from, middle], [middle, to]);
  }
  return [...kept].sort((i, j) => i - j).flatMap((i) => points.slice(i, i + 3));
}
