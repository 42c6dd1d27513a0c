// The sketchpad: pointers and keys become strokes (see paint.js), and strokes a picture. Every
// change is kept in the tab and sent to Python as {version, strokes, png}.

const LIVE_MS = 150;

export default function ({ parentElement, data, setStateValue }) {
  // Runs again at every change of data or theme: the pad that is there keeps its newer ink.
  const root = parentElement.querySelector(".sketchpad");
  root.pad ??= new Pad(root, data);
  root.pad.send = (drawing) => setStateValue("drawing", drawing);
  root.pad.showGuide(data.guide);
  root.pad.open();
}

class Pad {
  constructor(root, data) {
    this.canvas = root.querySelector("canvas");
    this.canvas.width = this.canvas.height = SIDE * SHARPNESS;
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.ring = root.querySelector(".sp-ring");
    this.status = root.querySelector(".sp-status");
    this.guide = root.querySelector(".sp-guide");
    [this.size, this.grey] = root.querySelectorAll("input");
    this.buttons = Object.fromEntries(
      [...root.querySelectorAll("button")].map((button) => [button.value, button]),
    );
    this.tool = "pen";
    this.stroke = null; // the stroke being drawn
    this.before = null; // the paper without it
    this.pointer = null; // the pointer that draws it, null for the keyboard
    this.cursor = { x: SIDE / 2, y: SIDE / 2 };
    this.timer = null;
    this.restore(data);
    this.listen(root);
    this.repaint();
    this.choose("pen");
    this.resize();
    this.shade();
  }

  // What this tab remembers is at least as new as what the server had when it wrote `data`,
  // unless the tab has none.
  restore(data) {
    const kept = remembered();
    this.unsent = kept !== null && kept.version > data.version;
    const newest = kept !== null && kept.version >= data.version ? kept : data;
    this.most = data.most; // points of a drawing
    this.strokes = newest.strokes;
    this.undone = newest.undone ?? [];
    this.version = newest.version;
  }

  listen(root) {
    const { canvas } = this;
    canvas.onpointerdown = (event) => this.down(event);
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerup = canvas.onpointercancel = (event) => this.up(event);
    canvas.onlostpointercapture = (event) => this.up(event);
    canvas.onpointerleave = () => this.showRing(null);
    canvas.oncontextmenu = (event) => event.preventDefault();
    canvas.onkeydown = (event) => this.key(event);
    canvas.onfocus = () => canvas.matches(":focus-visible") && this.showRing(this.cursor);
    canvas.onblur = () => {
      if (this.pointer === null) this.finish();
      this.showRing(null);
    };
    this.size.oninput = () => this.resize();
    this.grey.oninput = () => this.shade();
    for (const name of ["pen", "eraser", "fill"]) {
      this.buttons[name].onclick = () => this.choose(name);
    }
    this.buttons.undo.onclick = () => this.step(this.strokes, this.undone, "Undone.");
    this.buttons.redo.onclick = () => this.step(this.undone, this.strokes, "Redone.");
    this.buttons.clear.onclick = () => this.clear();
    root.onkeydown = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const letter = event.key.toLowerCase();
      if (letter !== "z" && letter !== "y") return;
      event.preventDefault();
      this.buttons[letter === "y" || event.shiftKey ? "redo" : "undo"].click();
    };
  }

  open() {
    if (!this.unsent) return;
    this.unsent = false;
    this.commit();
  }

  choose(tool) {
    this.finish();
    this.tool = tool;
    for (const name of ["pen", "eraser", "fill"]) {
      this.buttons[name].setAttribute("aria-pressed", String(name === tool));
    }
    this.ring.dataset.tool = tool;
    // One slider at a time: a fill has no width, a line no grey.
    this.size.parentElement.hidden = tool === "fill";
    this.grey.parentElement.hidden = tool !== "fill";
  }

  /** A picture to draw along, under the paper's ink and no part of it. */
  showGuide(url) {
    this.guide.hidden = !url;
    if (url && this.guide.src !== url) this.guide.src = url;
  }

  resize() {
    const size = Number(this.size.value);
    this.size.setAttribute("aria-valuetext", `${size} pixels`);
    this.size.nextElementSibling.textContent = size;
    this.ring.style.width = `${(size / SIDE) * 100}%`;
  }

  /** How dark the slider says a fill is, as a grey of 0 to 255. */
  get fillGrey() {
    return Math.floor(255 * (1 - Number(this.grey.value) / 100));
  }

  shade() {
    const { value, nextElementSibling: words } = this.grey;
    this.grey.setAttribute("aria-valuetext", `${value} per cent dark`);
    words.textContent = `${value} %`;
    words.nextElementSibling.style.background = `rgb(${Array(3).fill(this.fillGrey)})`;
  }

  // Pointers

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * SIDE,
      y: ((event.clientY - box.top) / box.height) * SIDE,
      // A pen tells how hard it is pressed, from 0 to 1.
      width: Number(this.size.value) * (event.pointerType === "pen" ? 0.4 + event.pressure : 1),
    };
  }

  down(event) {
    if (event.button !== 0 || this.pointer !== null) return;
    this.finish();
    const at = this.place(event);
    this.cursor = { x: at.x, y: at.y };
    if (this.tool === "fill") {
      this.fill(at);
      return;
    }
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.begin(at);
  }

  move(event) {
    if (event.pointerType === "mouse" || event.pointerId === this.pointer) {
      this.showRing(this.place(event));
    }
    if (event.pointerId !== this.pointer) return;
    // Between two frames the pointer may have been in many places; all of them are the line.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.extend(this.place(each));
  }

  up(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    if (event.type === "pointerup") this.extend(this.place(event));
    this.finish();
    if (event.pointerType !== "mouse") this.showRing(null);
  }

  // Keyboard

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 1 : 6;
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
      event.key
    ] ?? [0, 0];
    if (dx || dy) {
      const clip = (value) => Math.min(Math.max(value, 0), SIDE);
      this.cursor = { x: clip(this.cursor.x + dx * step), y: clip(this.cursor.y + dy * step) };
      if (this.stroke) this.extend({ ...this.cursor, width: Number(this.size.value) });
    } else if (event.key === " " || event.key === "Enter") {
      if (event.repeat) return;
      if (this.tool === "fill") this.fill(this.cursor);
      else if (this.stroke) {
        this.finish();
        this.say(`${this.tool} up.`);
      } else if (this.begin({ ...this.cursor, width: Number(this.size.value) })) {
        this.say(`${this.tool} down.`);
      }
    } else if (event.key === "Escape") {
      this.finish();
    } else {
      return;
    }
    event.preventDefault();
    this.showRing(this.cursor);
  }

  // What is done to the paper

  /** Whether the paper takes another point; says so if not. What is on it stays in any case. */
  hasRoom() {
    const full = () => countPoints(visible(this.strokes)) >= this.most;
    if (full() && this.stroke) this.stroke.points = thinned(this.stroke.points);
    if (!full()) return true;
    this.finish();
    this.say(
      `The paper is full: a drawing has ${this.most.toLocaleString("en")} points at most. ` +
        "Undo or Clear makes room.",
    );
    return false;
  }

  begin({ x, y, width }) {
    if (!this.hasRoom()) return false;
    this.say("");
    this.before = this.context.getImageData(0, 0, this.canvas.width, this.canvas.height);
    this.stroke = { tool: this.tool, points: [x, y, width].map(round) };
    this.strokes.push(this.stroke);
    this.undone = [];
    paintStroke(this.context, this.stroke);
    this.changedLive();
    return true;
  }

  extend({ x, y, width }) {
    if (!this.stroke) return;
    const [lastX, lastY] = this.stroke.points.slice(-3);
    // Half a unit is a 56th of a pixel of the network's picture.
    if (Math.hypot(x - lastX, y - lastY) < 0.5 || !this.hasRoom()) return;
    const { points } = this.stroke;
    points.push(...[x, y, width].map(round));
    paintStroke(this.context, this.stroke, points.length - 3);
    this.changedLive();
  }

  finish() {
    const { stroke } = this;
    if (!stroke) return;
    this.stroke = null;
    // What is seen is what the strokes say, as when they are painted again.
    stroke.points = thinned(stroke.points);
    this.context.putImageData(this.before, 0, 0);
    paintStroke(this.context, stroke);
    if (stroke.tool === "eraser") dropSpecks(this.context);
    this.commit();
  }

  fill({ x, y }) {
    if (!this.hasRoom()) return;
    const grey = this.fillGrey;
    const problem = paintFill(this.context, x, y, grey);
    this.say(problem ?? "Filled.");
    if (problem) return;
    this.strokes.push({ tool: "fill", x: round(x), y: round(y), grey });
    this.undone = [];
    this.commit();
  }

  clear() {
    this.finish();
    if (!this.strokes.length || this.strokes.at(-1).tool === "clear") return;
    this.strokes.push({ tool: "clear" });
    this.undone = [];
    this.repaint();
    this.say("Cleared. Undo brings the drawing back.");
    this.commit();
  }

  step(from, to, words) {
    this.finish();
    if (!from.length) return;
    to.push(from.pop());
    this.repaint();
    this.say(words);
    this.commit();
  }

  // The picture and those who want to know of it

  repaint() {
    paint(this.context, visible(this.strokes));
    this.mark();
  }

  mark() {
    const empty = !visible(this.strokes).length;
    this.buttons.undo.setAttribute("aria-disabled", String(!this.strokes.length));
    this.buttons.redo.setAttribute("aria-disabled", String(!this.undone.length));
    this.buttons.clear.setAttribute("aria-disabled", String(empty));
  }

  showRing(at) {
    this.ring.hidden = at === null;
    if (at === null) return;
    this.ring.style.left = `${(at.x / SIDE) * 100}%`;
    this.ring.style.top = `${(at.y / SIDE) * 100}%`;
    this.ring.dataset.down = String(this.stroke !== null);
  }

  say(words) {
    this.status.textContent = words;
  }

  changedLive() {
    this.timer ??= setTimeout(() => this.commit(), LIVE_MS);
  }

  commit() {
    clearTimeout(this.timer);
    this.timer = null;
    this.version += 1;
    this.mark();
    const { version, strokes, undone } = this;
    remember({ version, strokes, undone });
    // On another page by now: the pad that comes next finds the newer version and sends it.
    if (this.canvas.isConnected) {
      this.send({ version, strokes: visible(strokes), png: png(this.canvas) });
    }
  }
}
