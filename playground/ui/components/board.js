// The live board in the browser. Python passes {runId, eventsUrl, status, ended, epochs, figures,
// bindings} (board.py, charts.py); this file reads the run's events and applies them.
// board_words.js stands above it in the same module.

const SETTLE_MS = 100;
const FALLBACK_MS = 1000;
const LONGEST_RETRY_MS = 30000;
const CONFIG = {
  displaylogo: false,
  modeBarButtons: [["toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]],
};

// One after the other: a discarded update would leave its points undrawn.
const AT_ONCE = {
  mode: "afterall",
  frame: { duration: 0, redraw: false },
  transition: { duration: 0 },
};

const boards = new WeakMap(); // the component's parent element -> its board
let loading; // plotly.js, once per page

function loadPlotly() {
  loading ??= window.Plotly
    ? Promise.resolve(window.Plotly)
    : new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = "/vendor/plotly.min.js";
        script.onload = () => resolve(window.Plotly);
        script.onerror = () => {
          loading = undefined;
          reject(new Error("plotly.js did not load"));
        };
        document.head.append(script);
      });
  return loading;
}

function write(element, text) {
  // Only what changed: a screen reader says a live region again whenever it is written.
  if (element.textContent !== text) element.textContent = text;
}

/** Whether an axis shows this value as it is: it has room for a marker, or the reader zoomed. */
function fits(value, { autorange, range: [low, high] = [] }) {
  const room = (high - low) / 100;
  return autorange === false || (value >= low + room && value <= high - room);
}

class Board {
  constructor(root, data) {
    Object.assign(this, { root, runId: data.runId, url: data.eventsUrl, ended: data.ended });
    this.epochs = data.epochs;
    this.bindings = data.bindings;
    // What Python passed last, and what it has been told or has told: see attach() and report().
    this.passed = this.known = data.status;
    this.now = { status: { status: data.status, reason: "" } }; // newest data of each kind
    this.references = false;
    this.seq = 0;
    this.queue = [];
    this.retry = 1000;
    this.calls = 0;
    this.resizes = new ResizeObserver((entries) => entries.forEach((e) => this.resize(e.target)));
    this.labels = data.figures.confusion.data[0].x;
    // A copy: the traces grow, and Streamlit may pass the same object again.
    this.charts = Object.entries(structuredClone(data.figures)).map(([name, figure]) => {
      const element = root.querySelector(`[data-testid="chart-${name}"]`);
      const box = element.parentElement;
      return { name, figure, element, box, drawn: false, dirty: true, touched: new Set() };
    });
    // A finger that starts on a chart scrolls the page; it does not zoom, and needs no buttons.
    const touch = matchMedia("(pointer: coarse)").matches;
    this.config = { ...CONFIG, displayModeBar: touch ? false : "hover" };
    if (touch) for (const { figure } of this.charts) figure.layout.dragmode = false;
    this.root.toggleAttribute("data-tested", false);
    for (const part of this.parts("test")) part.hidden = true;
    this.part("pinned").hidden = !data.figures.pinned;
    this.show("notice", "");
    this.show("connection", "");
    this.render();
    this.connect();
    loadPlotly().then(
      (Plotly) => {
        this.Plotly = Plotly;
        this.draw();
      },
      () => this.show("notice", "The charts could not be loaded. Please reload the page."),
    );
  }

  /** Every run of the component's default export ends here; nothing is built again. */
  attach(data, setTriggerValue) {
    this.setTriggerValue = setTriggerValue;
    // An answer that was under way while the status changed says the old word again: it tells
    // nothing new, and must not cause another run of the script.
    if (data.status !== this.passed) this.passed = this.known = data.status;
    this.takeTheme();
    this.showReferences(data);
    return ++this.calls;
  }

  /** Show or hide the published results, lines and labels of one name in the accuracy chart. */
  showReferences({ references, reference }) {
    if (references === this.references) return;
    this.references = references;
    const chart = this.charts.find(({ name }) => name === "accuracy");
    const { shapes = [], annotations = [] } = chart.figure.layout;
    for (const part of [...shapes, ...annotations]) {
      if (part.name === reference) part.visible = references;
    }
    chart.dirty = chart.whole = true;
    this.draw();
  }

  destroy() {
    this.destroyed = true;
    this.source.close();
    this.resizes.disconnect();
    cancelAnimationFrame(this.frame);
    [this.fallback, this.settling, this.reconnecting].forEach(clearTimeout);
    for (const { element, drawn } of this.charts) if (drawn) this.Plotly.purge(element);
  }

  parts(name) {
    return this.root.querySelectorAll(`[data-part="${name}"]`);
  }

  part(name) {
    return this.parts(name)[0];
  }

  show(part, message) {
    write(this.part(part), message);
    this.part(part).hidden = !message;
  }

  connect() {
    const source = new EventSource(this.url);
    this.source = source;
    source.onopen = () => {
      this.retry = 1000;
      this.show("connection", "");
    };
    source.onmessage = (message) => {
      const event = JSON.parse(message.data);
      // Seq 0 is not kept: a notice, or a place in the queue.
      if (event.seq) {
        if (event.seq <= this.seq) return;
        this.seq = event.seq;
      }
      this.queue.push(event);
      if (event.kind === "status" && this.ended.includes(event.data.status)) source.close();
      this.schedule();
    };
    source.onerror = () => {
      this.show("connection", "Connection lost, trying again…");
      if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
      this.reconnecting = setTimeout(() => this.connect(), this.retry);
      this.retry = Math.min(2 * this.retry, LONGEST_RETRY_MS);
    };
  }

  /** One update per frame for all that has come; by a timer where a hidden page has no frames. */
  schedule() {
    if (this.frame) return;
    const go = () => {
      cancelAnimationFrame(this.frame);
      clearTimeout(this.fallback);
      this.frame = 0;
      this.update();
    };
    this.frame = requestAnimationFrame(go);
    this.fallback = setTimeout(go, FALLBACK_MS);
  }

  update() {
    for (const event of this.queue.splice(0)) this.apply(event);
    this.render();
    this.draw();
    const { seq, root } = this;
    setTimeout(() => {
      const at = performance.timeOrigin + performance.now();
      root.dispatchEvent(new CustomEvent("board:drawn", { bubbles: true, detail: { seq, at } }));
    });
  }

  apply({ kind, data }) {
    this.now[kind] = data;
    if (kind === "status") {
      // The history, too, comes event by event: only a status that stays is told.
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.report(), SETTLE_MS);
    }
    for (const binding of this.bindings) {
      if (binding.event !== kind) continue;
      const chart = this.charts.find(({ name }) => name === binding.chart);
      const { data: traces, layout } = chart.figure;
      const trace = traces[binding.trace];
      chart.dirty = true;
      if (binding.z) {
        trace.z = data[binding.z];
        chart.whole = true;
        continue;
      }
      if (binding.row) {
        trace.y.push(data[binding.y]);
        trace.z.push(data[binding.row]);
        chart.whole = true;
        continue;
      }
      const [x, y] = [data[binding.x], data[binding.y]].map((value) => [value].flat());
      const fit = (values, axis) => values.every((value) => fits(value, axis));
      // A trace's first point brings its name into the legend.
      chart.whole ||= !trace.x.length || !fit(x, layout.xaxis) || !fit(y, layout.yaxis);
      chart.touched.add(binding.trace);
      trace.x.push(...x);
      trace.y.push(...y);
      if (binding.customdata) trace.customdata.push(data[binding.customdata]);
    }
  }

  report() {
    const { status } = this.now.status;
    if (status === this.known || this.ended.includes(this.known)) return;
    this.known = status;
    this.setTriggerValue("status", status);
  }

  draw() {
    if (!this.Plotly || this.destroyed) return;
    for (const chart of this.charts) {
      if (!chart.dirty || chart.box.hidden) continue;
      const { element, figure } = chart;
      const traces = [...chart.touched];
      if (!chart.drawn) {
        this.Plotly.newPlot(element, figure.data, figure.layout, this.config);
        this.resizes.observe(element);
      } else if (chart.whole || document.hidden) {
        this.Plotly.redraw(element); // the same element, its zoom and its hover label
      } else {
        // Only the lines that grew, at a third of the cost; it needs the frames of a seen page.
        const data = traces.map((i) => ({ x: figure.data[i].x, y: figure.data[i].y }));
        this.Plotly.animate(element, { data, traces }, AT_ONCE);
      }
      Object.assign(chart, { drawn: true, dirty: false, whole: false, touched: new Set() });
    }
  }

  resize(element) {
    const { width, height } = element._fullLayout ?? {};
    const { clientWidth, clientHeight } = element;
    if (!clientWidth || (width === clientWidth && height === clientHeight)) return;
    this.Plotly.relayout(element, { width: clientWidth, height: clientHeight });
  }

  /** The page's own colours for text, lines and labels, whenever they have changed. */
  takeTheme() {
    const css = getComputedStyle(this.root);
    const [color, family, grid, line, background] = [
      "text-color", "font", "border-color-light", "border-color", "background-color",
    ].map((name) => css.getPropertyValue(`--st-${name}`).trim()); // prettier-ignore
    const theme = [color, family, grid, line, background].join();
    if (theme === this.theme) return;
    this.theme = theme;
    for (const chart of this.charts) {
      const { layout } = chart.figure;
      Object.assign(layout.font, { color, family });
      for (const axis of [layout.xaxis, layout.yaxis]) {
        Object.assign(axis, { gridcolor: grid, linecolor: line });
      }
      layout.hoverlabel = { bgcolor: background, bordercolor: line, font: { color, family } };
      for (const note of layout.annotations ?? []) note.bgcolor = background;
      layout.modebar = { bgcolor: "rgba(0,0,0,0)", color: line, activecolor: color };
      chart.dirty = chart.whole = true;
    }
    this.draw();
  }

  render() {
    const { status, progress, epoch, test, notice } = this.now;
    const ended = this.ended.includes(status.status);
    this.root.dataset.status = status.status;
    write(this.part("status"), status.status);
    write(this.part("reason"), status.reason ? `. ${status.reason}` : "");
    if (notice) this.show("notice", notice.message);

    write(this.part("pace"), inOneLine(this.now, this.epochs, ended));
    this.part("bars").hidden = ended;
    this.part("epoch-bar").value = progress ? progress.step / progress.steps : 0;
    this.part("run-bar").value = progress ? progress.epoch / progress.epochs : 0;

    write(this.part("accuracy"), epoch ? exact(epoch.accuracy) : "–");
    write(this.part("val-accuracy"), epoch ? exact(epoch.val_accuracy) : "–");
    if (test) {
      this.root.toggleAttribute("data-tested", true);
      for (const part of this.parts("test")) part.hidden = false;
      write(this.root.querySelector('[data-testid="test-accuracy"]'), exact(test.accuracy));
      write(this.root.querySelector('[data-testid="test-loss"]'), exact(test.loss));
    }
    const captions = inCaptions(this.now, this.labels);
    for (const { name, element, box } of this.charts) {
      if (element.getAttribute("aria-label") === captions[name]) continue;
      element.setAttribute("aria-label", captions[name]);
      write(box.querySelector("figcaption"), captions[name]);
    }
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".live-board");
  let board = boards.get(parentElement);
  if (!board || board.destroyed || board.root !== root || board.runId !== data.runId) {
    board?.destroy();
    board = new Board(root, data);
    boards.set(parentElement, board);
  }
  const call = board.attach(data, setTriggerValue);
  // Streamlit may clean up after an outdated call while a newer one uses the board.
  return () => {
    if (call === board.calls) board.destroy();
  };
}
