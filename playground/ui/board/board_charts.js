// The charts of the live board: Plotly figures that grow in place with a run's events. plotly.js
// stands above it in the same module.

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

function write(element, text) {
  // Only what changed: a screen reader says a live region again whenever it is written.
  if (element.textContent !== text) element.textContent = text;
}

// An animation is drawn in frames, and a page that is covered or short of time may get none, though
// it is not hidden. What has not been drawn after so long is drawn whole.
const LATE_MS = 1000;

// The loss of every step has thousands of points: four updates a second show it as well.
const REST_MS = { "step-loss": 250 };

/** Whether an axis shows this value as it is: it has room for a marker, or the reader zoomed. */
function fits(value, { autorange, range: [low, high] = [] }) {
  const room = (high - low) / 100;
  return autorange === false || (value >= low + room && value <= high - room);
}

/**
 * Keep the least and the greatest point of each span of x, as playground/training/step_losses.py does; in
 * place, since frames that wait to be drawn hold these arrays.
 */
function thin({ x, y }, most) {
  const width = 2 ** Math.ceil(Math.log2((3 * x.at(-1)) / most));
  const spans = new Map();
  for (let i = 0; i < x.length; i++) {
    if (x[i] === null) continue;
    const span = Math.floor(x[i] / width);
    const [least, greatest] = spans.get(span) ?? [i, i];
    spans.set(span, [y[i] < y[least] ? i : least, y[i] > y[greatest] ? i : greatest]);
  }
  const kept = [...spans.values()].flatMap((ends) => [...new Set(ends)].sort((a, b) => a - b));
  for (const values of [x, y]) values.splice(0, values.length, ...kept.map((i) => values[i]));
}

class Charts {
  constructor(root, { figures, bindings }) {
    Object.assign(this, { root, bindings, references: false });
    // A copy: the traces grow, and Streamlit may pass the same object again.
    this.all = Object.entries(structuredClone(figures)).map(([name, figure]) => {
      const element = root.querySelector(`[data-testid="chart-${name}"]`);
      const box = element.parentElement;
      const rest = REST_MS[name] ?? 0;
      return { name, figure, element, box, rest, at: -rest, dirty: true, touched: new Set() };
    });
    this.resizes = new ResizeObserver((entries) => entries.forEach((e) => this.resize(e.target)));
    // A finger that starts on a chart scrolls the page; it does not zoom, and needs no buttons.
    const touch = matchMedia("(pointer: coarse)").matches;
    this.config = { ...CONFIG, displayModeBar: touch ? false : "hover" };
    if (touch) for (const { figure } of this.all) figure.layout.dragmode = false;
  }

  load(onFailure) {
    loadPlotly().then((Plotly) => {
      this.Plotly = Plotly;
      this.draw();
    }, onFailure);
  }

  destroy() {
    this.destroyed = true;
    this.resizes.disconnect();
    for (const { element, drawn, later, late } of this.all) {
      [later, late].forEach(clearTimeout);
      if (drawn) this.Plotly.purge(element);
    }
  }

  /** An event's values join the traces that its bindings name; draw() shows them. */
  apply(kind, data) {
    for (const binding of this.bindings) {
      if (binding.event !== kind) continue;
      const chart = this.all.find(({ name }) => name === binding.chart);
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
      // A trace's first point, behind the missing one it begins with, brings its name into the
      // legend and gives the axes, which have shown nothing until then, their range.
      const first = !trace.x.some((value) => value !== null);
      chart.whole ||= first || !fit(x, layout.xaxis) || !fit(y, layout.yaxis);
      chart.touched.add(binding.trace);
      trace.x.push(...x);
      trace.y.push(...y);
      if (binding.most && trace.x.length > binding.most) thin(trace, binding.most);
      if (binding.customdata) trace.customdata.push(data[binding.customdata]);
    }
  }

  draw() {
    if (!this.Plotly || this.destroyed) return;
    for (const chart of this.all) {
      if (!chart.dirty || chart.box.hidden) continue;
      const { element, figure } = chart;
      const now = performance.now();
      const wait = chart.at + chart.rest - now;
      if (wait > 0) {
        clearTimeout(chart.later);
        chart.later = setTimeout(() => this.draw(), wait);
        continue;
      }
      chart.at = now;
      if (!chart.drawn) {
        this.Plotly.newPlot(element, figure.data, figure.layout, this.config);
        this.resizes.observe(element);
      } else if (chart.whole || chart.unseen || document.hidden) {
        this.Plotly.redraw(element); // the same element, its zoom and its hover label
      } else {
        this.grow(chart);
      }
      Object.assign(chart, { drawn: true, dirty: false, whole: false, touched: new Set() });
    }
  }

  /** Draw only the lines that grew, at a third of the cost; it needs the frames of a seen page. */
  grow(chart) {
    const traces = [...chart.touched];
    const data = traces.map((i) => ({ x: chart.figure.data[i].x, y: chart.figure.data[i].y }));
    const update = this.Plotly.animate(chart.element, { data, traces }, AT_ONCE);
    chart.newest = update;
    chart.late ??= setTimeout(() => {
      Object.assign(chart, { late: undefined, unseen: true, dirty: true });
      this.draw();
    }, LATE_MS);
    update.then(() => {
      if (chart.newest !== update) return;
      clearTimeout(chart.late);
      Object.assign(chart, { late: undefined, unseen: false });
    });
  }

  resize(element) {
    const { width, height } = element._fullLayout ?? {};
    const { clientWidth, clientHeight } = element;
    if (!clientWidth || (width === clientWidth && height === clientHeight)) return;
    this.Plotly.relayout(element, { width: clientWidth, height: clientHeight });
  }

  /** Show or hide the published results, lines and labels of one name in the accuracy chart. */
  showReferences({ references, reference }) {
    if (references === this.references) return;
    this.references = references;
    const chart = this.all.find(({ name }) => name === "accuracy");
    const { shapes = [], annotations = [] } = chart.figure.layout;
    for (const part of [...shapes, ...annotations]) {
      if (part.name === reference) part.visible = references;
    }
    chart.dirty = chart.whole = true;
    this.draw();
  }

  /** The page's own colours for text, lines and labels, whenever they have changed. */
  takeTheme() {
    const { color, family, grid, line, background } = pageTheme(this.root);
    const theme = [color, family, grid, line, background].join();
    if (theme === this.theme) return;
    this.theme = theme;
    for (const chart of this.all) {
      const { layout } = chart.figure;
      Object.assign(layout.font, { color, family });
      for (const axis of [layout.xaxis, layout.yaxis]) {
        Object.assign(axis, { gridcolor: grid, linecolor: line });
      }
      layout.hoverlabel = { bgcolor: background, bordercolor: line, font: { color, family } };
      // A line's label does not hide what lies behind it.
      const veil = /^#[0-9a-f]{6}$/i.test(background) ? `${background}b0` : background;
      for (const note of layout.annotations ?? []) note.bgcolor = veil;
      layout.modebar = { bgcolor: "rgba(0,0,0,0)", color: line, activecolor: color };
      chart.dirty = chart.whole = true;
    }
    this.draw();
  }

  caption(captions) {
    for (const { name, element, box } of this.all) {
      if (element.getAttribute("aria-label") === captions[name]) continue;
      element.setAttribute("aria-label", captions[name]);
      write(box.querySelector("figcaption"), captions[name]);
    }
  }
}
