import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Chart, LATE_MS, REST_MS } from "../../../playground/ui/board/chart.js";
import { Charts, FIGURES_MS } from "../../../playground/ui/board/charts.js";

const EPOCH = { event: "epoch", chart: "loss", trace: 0, x: "epoch", y: "loss" };
const THEME = { color: "#111", family: "Sans", grid: "#222", line: "#333", background: "#ffffff" };

let plotly, page, now, resized;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  now = 0;
  mock.method(performance, "now", () => now);
  globalThis.document = { hidden: false };
  globalThis.ResizeObserver = class {
    constructor(callback) {
      resized = callback;
    }
    observe() {}
    disconnect() {}
  };
  page = { hidden: false };
  plotly = { calls: [], animations: [] };
  for (const name of ["newPlot", "redraw", "purge", "relayout"]) {
    plotly[name] = (...given) => plotly.calls.push([name, ...given.slice(1)]);
  }
  plotly.animate = (_element, { traces }) => {
    plotly.calls.push(["animate", traces]);
    return new Promise((resolve) => plotly.animations.push(resolve));
  };
});

function chart(name = "loss") {
  const axes = { xaxis: { range: [0, 10] }, yaxis: { range: [0, 1] }, font: {} };
  const figure = { data: [{ x: [null], y: [null] }], layout: axes };
  return new Chart(name, figure, { parentElement: page });
}

function draw(one) {
  plotly.calls = [];
  one.draw(plotly, {});
  return plotly.calls.map(([name]) => name);
}

/** A chart on the page with its first point. */
function drawn(name) {
  const one = chart(name);
  one.apply(EPOCH, { epoch: 1, loss: 0.5 });
  assert.deepEqual(draw(one), ["newPlot"]);
  return one;
}

function tick(ms) {
  now += ms;
  plotly.calls = [];
  mock.timers.tick(ms);
  return plotly.calls.map(([name]) => name);
}

test("what has not changed is not drawn again", () => {
  assert.deepEqual(draw(drawn()), []);
});

test("a line that grows within its axes is all that is drawn", () => {
  const one = drawn();
  one.apply(EPOCH, { epoch: 2, loss: 0.4 });
  assert.deepEqual(draw(one), ["animate"]);
  one.apply(EPOCH, { epoch: 11, loss: 0.4 });
  assert.deepEqual(draw(one), ["redraw"]);
});

test("a chart has its size at once, and is not drawn again for it", () => {
  const one = chart();
  Object.assign(one.element, { clientWidth: 300, clientHeight: 200 });
  draw(one);
  const [[, , { width, height }]] = plotly.calls;
  assert.deepEqual([width, height], [300, 200]);
});

test("a chart that is drawn whole has its new size, and is not drawn again for it", () => {
  const one = drawn();
  Object.assign(one.element, { clientWidth: 300, clientHeight: 200 });
  one.change();
  assert.deepEqual(draw(one), ["redraw"]);
  const { width, height } = one.figure.layout;
  assert.deepEqual([width, height], [300, 200]);
});

test("a chart that nobody sees waits", () => {
  const one = chart();
  page.hidden = true;
  assert.deepEqual(draw(one), []);
  page.hidden = false;
  assert.deepEqual(draw(one), ["newPlot"]);
});

test("a hidden page has no frames, so the chart is drawn whole", () => {
  const one = drawn();
  document.hidden = true;
  one.apply(EPOCH, { epoch: 2, loss: 0.4 });
  assert.deepEqual(draw(one), ["redraw"]);
});

test("what no frame has drawn in time is drawn whole, until frames come again", async () => {
  const one = drawn();
  one.apply(EPOCH, { epoch: 2, loss: 0.4 });
  assert.deepEqual(draw(one), ["animate"]);
  assert.deepEqual(tick(LATE_MS), ["redraw"]);
  one.apply(EPOCH, { epoch: 3, loss: 0.4 });
  assert.deepEqual(draw(one), ["redraw"]);
  plotly.animations.forEach((resolve) => resolve());
  await Promise.resolve();
  one.apply(EPOCH, { epoch: 4, loss: 0.4 });
  assert.deepEqual(draw(one), ["animate"]);
});

test("an animation that is drawn in time needs no other drawing", async () => {
  const one = drawn();
  one.apply(EPOCH, { epoch: 2, loss: 0.4 });
  draw(one);
  plotly.animations.forEach((resolve) => resolve());
  await Promise.resolve();
  assert.deepEqual(tick(2 * LATE_MS), []);
});

test("the loss of every step is drawn some times a second, with all that has come", () => {
  const one = drawn("step-loss");
  one.apply(EPOCH, { epoch: 2, loss: 0.4 });
  assert.deepEqual(draw(one), []);
  one.apply(EPOCH, { epoch: 3, loss: 0.3 });
  assert.deepEqual(draw(one), []);
  assert.deepEqual(tick(REST_MS["step-loss"] - 1), []);
  assert.deepEqual(tick(1), ["animate"]);
  assert.deepEqual(one.figure.data[0].x, [null, 1, 2, 3]);
});

test("the axis of a run that has ended ends where it does, and all is drawn at once", () => {
  const one = drawn("step-loss");
  one.figure.layout.xaxis.autorangeoptions = { include: [0, 20] };
  one.apply(EPOCH, { epoch: 2, loss: 0.4 });
  one.end();
  assert.deepEqual(draw(one), ["redraw"]);
  assert.deepEqual(one.figure.layout.xaxis.autorangeoptions, { include: [0] });
});

test("a new theme is drawn; data keep their colours", () => {
  const one = drawn();
  one.figure.layout.annotations = [{}];
  one.takeTheme(THEME);
  assert.deepEqual(draw(one), ["redraw"]);
  const { font, xaxis, annotations } = one.figure.layout;
  assert.deepEqual(font, { color: "#111", family: "Sans" });
  assert.equal(xaxis.gridcolor, "#222");
  assert.equal(annotations[0].bgcolor, "#ffffffb0");
});

test("a chart that is gone leaves nothing behind", () => {
  const one = drawn("step-loss");
  one.apply(EPOCH, { epoch: 2, loss: 0.4 });
  draw(one);
  one.destroy(plotly);
  assert.deepEqual(plotly.calls, [["purge"]]);
  assert.deepEqual(tick(2 * LATE_MS), []);
});

/** Two charts of a board, neither of them on the page. */
function board() {
  globalThis.HTMLElement = class {
    parentElement = page;
  };
  globalThis.matchMedia = () => ({ matches: false });
  const root = { querySelector: () => new HTMLElement() };
  const figures = Object.fromEntries(
    ["loss", "confusion"].map((name) => [name, chart(name).figure]),
  );
  const all = new Charts(root, { figures, bindings: [EPOCH] });
  all.plotly = plotly;
  return all;
}

test("no chart is drawn before the board begins, and then with all that has come", () => {
  const all = board();
  all.draw();
  all.apply("epoch", { epoch: 1, loss: 0.5 });
  all.draw();
  assert.deepEqual([plotly.calls, tick(10)], [[], []]);
  all.begin();
  all.draw();
  const [[name, data]] = plotly.calls;
  assert.deepEqual([name, data[0].x], ["newPlot", [null, 1]]);
});

test("charts come to the page one a task, between events, and then all has been drawn", () => {
  const all = board();
  all.begin();
  let done = 0;
  all.draw(() => done++);
  assert.deepEqual([plotly.calls.length, done], [1, 0]);
  all.apply("epoch", { epoch: 1, loss: 0.5 });
  plotly.calls = [];
  all.draw(() => (done += 10));
  assert.deepEqual([plotly.calls.map(([name]) => name), done], [["redraw"], 0]);
  assert.deepEqual([tick(100), done], [["newPlot"], 10]);
  assert.deepEqual(tick(100), []);
});

test("a chart that nobody sees holds up none of the others", () => {
  const all = board();
  all.begin();
  all.all[0].element.parentElement = { hidden: true };
  let done = false;
  all.draw(() => (done = true));
  assert.deepEqual([plotly.calls.length, done], [1, true]);
});

test("where there is another size, text may have one, too", () => {
  const all = board();
  all.begin();
  all.draw();
  let asked = 0;
  all.takeTheme = () => asked++;
  resized();
  assert.equal(asked, 1);
});

/** A board of a run that begins, with plotly.js on the page. */
async function starting() {
  // A page loads it once.
  globalThis.window ??= { Plotly: { newPlot: (...given) => plotly.newPlot(...given), purge() {} } };
  document.head = { append: (script) => script.onload() };
  document.createElement = () => ({});
  const all = board();
  all.plotly = undefined;
  all.load(true, () => {});
  await Promise.resolve().then(() => {});
  assert.notEqual(all.plotly, undefined);
  return all;
}

test("figures that come soon are drawn with their axes, at once", async () => {
  const all = await starting();
  assert.deepEqual(tick(FIGURES_MS - 1), []);
  all.apply("epoch", { epoch: 1, loss: 0.5 });
  all.begin();
  all.draw();
  assert.deepEqual(
    plotly.calls.map(([name]) => name),
    ["newPlot"],
  );
  all.adding = true; // the other chart
  assert.deepEqual(tick(FIGURES_MS), []);
});

test("figures that take longer find the first chart's axes, and a board that has gone has none", async () => {
  const all = await starting();
  assert.deepEqual(tick(FIGURES_MS), ["newPlot"]);
  const gone = await starting();
  gone.destroy();
  assert.deepEqual(tick(FIGURES_MS), []);
  all.destroy();
});
