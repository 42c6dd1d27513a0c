// How a drawing is painted. It is a list of strokes, oldest first, in a square of 280 × 280 units:
//   {tool: "pen" | "eraser", points: [x, y, width, x, y, width, …]}, {tool: "fill", x, y, grey},
//   {tool: "clear"}
// Painting them again gives the same picture; undo takes the last one away.

const SIDE = 280;
const SHARPNESS = 2; // canvas pixels per unit
const GREY = 109; // as the slider begins: as dark as the data set's mean cloth is bright: 255 − 146

const round = (value) => Math.round(value * 10) / 10;

/** The strokes since the last clear. */
function visible(strokes) {
  return strokes.slice(strokes.findLastIndex(({ tool }) => tool === "clear") + 1);
}

/** How many points strokes have; a fill counts as one. `drawing_state.py` counts so, too. */
function countPoints(strokes) {
  return strokes.reduce((sum, { points }) => sum + Math.max(1, (points?.length ?? 0) / 3), 0);
}

/**
 * A line without the points that hardly change it, by Ramer, Douglas and Peucker.
 *
 * @param points [x, y, width, …] in units of the paper; each part is as wide as its end says.
 * @param epsilon how far off a point may be, and how much wider, that goes: a quarter of a unit is
 *   a 40th of a pixel of the network's picture.
 */
function thinned(points, epsilon = 0.25) {
  const kept = new Set([0, points.length - 3]);
  const todo = [[0, points.length - 3]];
  while (todo.length) {
    const [from, to] = todo.pop();
    const [x0, y0] = points.slice(from, from + 2);
    const [dx, dy] = [points[to] - x0, points[to + 1] - y0];
    const square = dx * dx + dy * dy;
    let [farthest, middle] = [epsilon, null];
    for (let i = from + 3; i < to; i += 3) {
      const [x, y] = [points[i] - x0, points[i + 1] - y0];
      const share = square ? Math.min(Math.max((x * dx + y * dy) / square, 0), 1) : 0;
      const off = Math.hypot(x - share * dx, y - share * dy);
      const away = Math.max(off, Math.abs(points[i + 2] - points[to + 2]));
      if (away > farthest) [farthest, middle] = [away, i];
    }
    if (middle === null) continue;
    kept.add(middle);
    todo.push([from, middle], [middle, to]);
  }
  return [...kept].sort((i, j) => i - j).flatMap((i) => points.slice(i, i + 3));
}

function paint(context, strokes) {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  for (const stroke of strokes) {
    if (stroke.tool === "fill") paintFill(context, stroke.x, stroke.y, stroke.grey);
    else paintStroke(context, stroke);
    if (stroke.tool === "eraser") dropSpecks(context);
  }
}

/** Paint a stroke from the point whose x is points[from]. */
function paintStroke(context, { tool, points }, from = 0) {
  context.save();
  context.scale(SHARPNESS, SHARPNESS);
  context.globalCompositeOperation = tool === "eraser" ? "destination-out" : "source-over";
  context.fillStyle = context.strokeStyle = "#000";
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

/** Strokes of the eraser leave faint edges where they overlap; nobody sees them, networks do. */
function dropSpecks(context) {
  const { width, height } = context.canvas;
  const image = context.getImageData(0, 0, width, height);
  for (let i = 3; i < image.data.length; i += 4) if (image.data[i] < 32) image.data[i] = 0;
  context.putImageData(image, 0, 0);
}

/** Fill an enclosed area with grey; returns a sentence if that cannot be done, else null. */
function paintFill(context, x, y, grey = GREY) {
  const side = context.canvas.width;
  const image = context.getImageData(0, 0, side, side);
  const { data } = image;
  const clip = (value) => Math.min(Math.max(Math.floor(value * SHARPNESS), 0), side - 1);
  const area = [clip(y) * side + clip(x)];
  if (data[4 * area[0] + 3] >= 128) return "There is ink here already: choose an empty area to fill.";
  const seen = new Uint8Array(side * side);
  seen[area[0]] = 1;
  const rim = [];
  const spread = (pixel, visit) => {
    for (const next of [pixel - 1, pixel + 1, pixel - side, pixel + side]) {
      if (next < 0 || next >= seen.length || seen[next]) continue;
      seen[next] = 1;
      visit(next);
    }
  };
  for (let i = 0; i < area.length; i++) {
    const column = area[i] % side;
    if (column === 0 || column === side - 1 || area[i] < side || area[i] >= side * (side - 1)) {
      return "Nothing was filled, because this area is open to the paper’s edge. Close its outline first.";
    }
    spread(area[i], (next) => (data[4 * next + 3] >= 128 ? rim : area).push(next));
  }
  // Two pixels on, under the soft edge of the ink around.
  for (const pixel of [...rim]) spread(pixel, (next) => rim.push(next));
  for (const pixel of area.concat(rim)) {
    const alpha = data[4 * pixel + 3];
    for (let c = 4 * pixel; c < 4 * pixel + 3; c++) {
      data[c] = (data[c] * alpha + grey * (255 - alpha)) / 255;
    }
    data[4 * pixel + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return null;
}

/** The paper as a small PNG with an address of its own. */
function png(canvas) {
  const small = document.createElement("canvas");
  small.width = small.height = SIDE;
  const context = small.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, SIDE, SIDE);
  return small.toDataURL("image/png");
}

// What this tab remembers, over pages and reloads.
const STORE = "playground-sketchpad";

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE));
  } catch {
    return null; // Storage may be forbidden: the server's copy it is.
  }
}

function remember(drawing) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(drawing));
  } catch {
    // Full or forbidden: the server keeps the drawing.
  }
}
