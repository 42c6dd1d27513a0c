// The stream that all tabs share.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { BEAT_MS, SILENT_MS, Stream } from "../../../../playground/ui/board/stream/stream.js";

class FakeSource {
  static all = [];
  static get open() {
    return FakeSource.all.filter(({ closed }) => !closed);
  }
  constructor(url) {
    this.url = url;
    FakeSource.all.push(this);
  }
  close() {
    this.closed = true;
  }
  say(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

class Port {
  constructor(stream) {
    this.got = [];
    stream.serve(this);
  }
  want(...list) {
    this.onmessage({ data: list });
  }
  postMessage(message) {
    this.got.push(message);
  }
  get seqs() {
    return this.got.flatMap(({ events = [] }) => events.map(({ seq }) => seq));
  }
}

function started() {
  FakeSource.all = [];
  globalThis.EventSource = FakeSource;
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval", "setTimeout", "Date"] });
  return new Stream();
}

const events = (...seqs) => seqs.map((seq) => ({ seq, kind: "progress", data: {} }));

test("all ports share one connection, and each gets what it has not had", () => {
  const stream = started();
  const [one, two] = [new Port(stream), new Port(stream)];
  one.want({ id: 1, run: "a", seq: 0 });
  FakeSource.open[0].say({ run: "a", events: events(1, 2, 0) });
  two.want({ id: 1, run: "a", seq: 0 }, { id: 2, run: "b", seq: 5 });
  assert.deepEqual(
    FakeSource.open.map(({ url }) => url),
    ["/api/events?run=a:0&run=b:5"],
  );
  FakeSource.open[0].say({ run: "a", events: events(1, 2, 3) });
  FakeSource.open[0].say({ run: "b", events: events(6) });
  assert.deepEqual(one.seqs, [1, 2, 0, 3]);
  assert.deepEqual(two.seqs, [1, 2, 3, 6]);
});

test("saying the same again disturbs nothing; wanting nothing ends the connection", () => {
  const stream = started();
  const port = new Port(stream);
  port.want({ id: 1, run: "a", seq: 0 });
  FakeSource.open[0].say({ run: "a", events: events(1, 2) });
  port.want({ id: 1, run: "a", seq: 1 }); // the second is still under way to the page
  assert.equal(FakeSource.all.length, 1);
  port.want();
  assert.equal(FakeSource.open.length, 0);
  assert.equal(stream.pages.size, 0);
  port.want({ id: 1, run: "a", seq: 2 });
  assert.equal(FakeSource.open[0].url, "/api/events?run=a:2");
});

test("a page that says nothing any more is forgotten, and taken up again if it does", () => {
  const stream = started();
  const [quiet, alive] = [new Port(stream), new Port(stream)];
  quiet.want({ id: 1, run: "a", seq: 0 });
  for (let time = 0; time <= SILENT_MS + BEAT_MS; time += BEAT_MS) {
    alive.want({ id: 1, run: "b", seq: 0 });
    mock.timers.tick(BEAT_MS);
  }
  assert.deepEqual([...stream.pages.keys()], [alive]);
  assert.deepEqual(
    FakeSource.open.map(({ url }) => url),
    ["/api/events?run=b:0"],
  );
  quiet.want({ id: 1, run: "a", seq: 7 });
  assert.equal(FakeSource.open[0].url, "/api/events?run=b:0&run=a:7");
});

test("after a failure it asks again for what is newer, and ever more seldom", () => {
  const stream = started();
  const port = new Port(stream);
  port.want({ id: 1, run: "a", seq: 0 });
  FakeSource.open[0].onopen();
  FakeSource.open[0].say({ run: "a", events: events(1, 2) });
  for (const wait of [1000, 2000, 4000, 8000, 16000, 30000, 30000]) {
    FakeSource.open[0].onerror();
    assert.deepEqual(port.got.at(-1), { connected: false });
    assert.equal(FakeSource.open.length, 0);
    port.want({ id: 1, run: "a", seq: 2 }); // a beat must not make it try earlier
    mock.timers.tick(wait - 1);
    assert.equal(FakeSource.open.length, 0);
    mock.timers.tick(1);
    assert.equal(FakeSource.open[0].url, "/api/events?run=a:2");
  }
  FakeSource.open[0].onopen();
  assert.deepEqual(port.got.at(-1), { connected: true });
  FakeSource.open[0].onerror();
  mock.timers.tick(1000);
  assert.equal(FakeSource.open.length, 1);
});

test("a page that goes while it waits to try again leaves nothing behind", () => {
  const stream = started();
  const port = new Port(stream);
  port.want({ id: 1, run: "a", seq: 0 });
  FakeSource.open[0].onerror();
  port.want();
  mock.timers.tick(60000);
  assert.equal(FakeSource.open.length, 0);
});

test("who wants a run that is not there is told so", () => {
  const stream = started();
  const [one, two] = [new Port(stream), new Port(stream)];
  one.want({ id: 1, run: "a", seq: 0 });
  two.want({ id: 1, run: "b", seq: 0 });
  FakeSource.open[0].say({ run: "a", gone: "There is no such run." });
  assert.deepEqual(one.got, [{ id: 1, gone: true }]);
  assert.deepEqual(two.got, []);
});

test("portraits go to those who want them, and ask for no events", () => {
  const stream = started();
  const [one, two] = [new Port(stream), new Port(stream)];
  one.want({ id: 1, run: "a", seq: 4 });
  two.want({ id: 1, run: "a", seq: 0, portrait: true });
  assert.deepEqual(
    FakeSource.open.map(({ url }) => url),
    ["/api/events?run=a:4&portrait=a"],
  );
  FakeSource.open[0].say({ run: "a", portrait: { position: 1.5 } });
  FakeSource.open[0].say({ run: "a", events: events(5) });
  FakeSource.open[0].say({ run: "a", over: true });
  assert.deepEqual(one.got, [{ id: 1, events: events(5) }]);
  assert.deepEqual(two.got, [
    { id: 1, portrait: { position: 1.5 } },
    { id: 1, over: true },
  ]);
  two.want();
  assert.equal(FakeSource.open[0].url, "/api/events?run=a:5");
});

test("of a run that is not there no portraits come", () => {
  const stream = started();
  const port = new Port(stream);
  port.want({ id: 3, run: "a", seq: 0, portrait: true });
  FakeSource.open[0].say({ run: "a", gone: "There is no such run." });
  assert.deepEqual(port.got, [{ id: 3, over: true }]);
});

test("views of a class go to those who attend to it, and the stream asks for it by its token", () => {
  const stream = started();
  const [one, two] = [new Port(stream), new Port(stream)];
  one.want({ id: 1, run: "a", seq: 4 });
  two.want({ id: 2, run: "", seq: 0, token: "c1:member-1:abc" });
  assert.deepEqual(
    FakeSource.open.map(({ url }) => url),
    ["/api/events?run=a:4&class=c1%3Amember-1%3Aabc"],
  );
  FakeSource.open[0].say({ class: "c1:member-1:abc", view: { curtain: true }, at: 5 });
  FakeSource.open[0].say({ class: "c1:member-1:abc", view: null, at: 6 });
  assert.deepEqual(one.got, []);
  assert.deepEqual(two.got, [
    { id: 2, view: { curtain: true }, at: 5 },
    { id: 2, view: null, at: 6 },
  ]);
});

test("a page is told that a class is gone, and once it asks no more nothing is connected", () => {
  const stream = started();
  const port = new Port(stream);
  port.want({ id: 1, run: "", seq: 0, token: "t" });
  FakeSource.open[0].say({ class: "t", view: null, at: 6, gone: true });
  assert.deepEqual(port.got, [{ id: 1, view: null, at: 6, over: true }]);
  port.want();
  assert.deepEqual(FakeSource.open, []);
});

test("a run that may not be there yet is said to be so until its first event", () => {
  const stream = started();
  const [one, two] = [new Port(stream), new Port(stream)];
  one.want({ id: 1, run: "a", seq: 0, coming: true });
  assert.equal(FakeSource.open[0].url, "/api/events?run=a:0&coming=a");
  FakeSource.open[0].say({ run: "a", events: events(1) });
  two.want({ id: 1, run: "b", seq: 0 });
  assert.equal(FakeSource.open[0].url, "/api/events?run=a:1&run=b:0");
});
