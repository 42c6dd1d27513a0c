// The events of runs for all who ask, by one EventSource: a browser opens six connections to a
// server at most, and a seventh tab would wait for ever. It runs as a SharedWorker, one for all tabs
// and windows of a browser; where there is none, streams.js runs it in its page.
//
// A page says through its port all that it wants, again and again: [{id, run, seq}], a board each,
// seq being the newest event that it has; nothing if it is hidden. It gets {connected}, and for
// each id {id, events} or {id, gone: sentence}.

const BEAT_MS = 15000; // so often a page says what it wants
const SILENT_MS = 60000; // a page that has said nothing for so long has gone without a word
const LONGEST_RETRY_MS = 30000;

class Stream {
  constructor() {
    this.ports = new Map(); // port -> {heard: when, wants: Map of id -> {run, seq}}
    this.runs = "";
    this.retry = 1000;
    setInterval(() => this.dropSilent(), BEAT_MS);
  }

  serve(port) {
    port.onmessage = ({ data }) => this.take(port, data);
  }

  take(port, list) {
    const had = this.ports.get(port)?.wants ?? new Map();
    // Of what it has had already, this knows the newest seq better: events may be under way.
    const wants = new Map(list.map(({ id, run, seq }) => [id, had.get(id) ?? { run, seq }]));
    if (list.length) this.ports.set(port, { heard: Date.now(), wants });
    else this.ports.delete(port);
    this.follow(list.some(({ id }) => !had.has(id)));
  }

  dropSilent() {
    for (const [port, { heard }] of this.ports) {
      if (Date.now() - heard > SILENT_MS) this.ports.delete(port);
    }
    this.follow(false);
  }

  /** Connect if there is something new to ask for, or less; else leave the connection alone. */
  follow(added) {
    const runs = [...this.oldest().keys()].sort().join();
    if (!added && runs === this.runs) return;
    this.runs = runs;
    this.connect();
  }

  /** Each wanted run, with the oldest seq from which somebody wants its events. */
  oldest() {
    const runs = new Map();
    for (const { wants } of this.ports.values()) {
      for (const { run, seq } of wants.values()) runs.set(run, Math.min(seq, runs.get(run) ?? seq));
    }
    return runs;
  }

  connect() {
    this.source?.close();
    clearTimeout(this.retrying);
    const asked = [...this.oldest()].map(([run, seq]) => `run=${encodeURIComponent(run)}:${seq}`);
    if (!asked.length) return;
    const source = new EventSource(`/api/events?${asked.join("&")}`);
    this.source = source;
    source.onopen = () => {
      this.retry = 1000;
      this.tell({ connected: true });
    };
    source.onmessage = (message) => this.pass(JSON.parse(message.data));
    source.onerror = () => {
      source.close(); // by itself it would ask for what has come already
      this.tell({ connected: false });
      this.retrying = setTimeout(() => this.connect(), this.retry);
      this.retry = Math.min(2 * this.retry, LONGEST_RETRY_MS);
    };
  }

  tell(message) {
    for (const port of this.ports.keys()) port.postMessage(message);
  }

  pass({ run, events = [], gone }) {
    for (const [port, { wants }] of this.ports) {
      for (const [id, want] of wants) {
        if (want.run !== run) continue;
        if (gone) port.postMessage({ id, gone });
        // Seq 0 is not kept: a notice, or a place in the queue.
        const fresh = events.filter(({ seq }) => !seq || seq > want.seq);
        if (!fresh.length) continue;
        want.seq = fresh.reduce((newest, { seq }) => Math.max(newest, seq), want.seq);
        port.postMessage({ id, events: fresh });
      }
    }
  }
}

if ("SharedWorkerGlobalScope" in globalThis) {
  const stream = new Stream();
  globalThis.onconnect = ({ ports: [port] }) => stream.serve(port);
}
