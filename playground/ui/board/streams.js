// What all boards of a page share: their subscriptions to the events of runs. stream_worker.js
// stands above it in the same module.

const WORKER_URL = "/assets/stream_worker.js";
// Another number whenever what pages and worker say to each other changes: tabs that were open
// before keep the worker of theirs.
const WORKER_NAME = "playground-streams-1";

class Streams {
  constructor() {
    this.subscriptions = new Map(); // id -> {run, seq, onEvents, onConnection, onGone}
    this.count = 0;
    try {
      const worker = new SharedWorker(WORKER_URL, WORKER_NAME);
      worker.onerror = () => this.serveHere(); // it could not be loaded
      this.use(worker.port);
    } catch {
      this.serveHere(); // there are no shared workers here
    }
    document.addEventListener("visibilitychange", () => this.say());
    addEventListener("pageshow", () => this.say());
    addEventListener("pagehide", () => this.port.postMessage([]));
    setInterval(() => this.subscriptions.size && this.say(), BEAT_MS);
  }

  serveHere() {
    const { port1, port2 } = new MessageChannel();
    new Stream().serve(port1);
    this.use(port2);
  }

  use(port) {
    if (this.port) this.port.onmessage = null;
    this.port = port;
    port.onmessage = ({ data }) => this.take(data);
    this.say();
  }

  /** Say all that this page wants: nothing while nobody sees it. */
  say() {
    const hidden = document.visibilityState === "hidden";
    const wants = [...this.subscriptions].map(([id, { run, seq }]) => ({ id, run, seq }));
    this.port.postMessage(hidden ? [] : wants);
  }

  take({ id, events, gone, connected }) {
    if (connected !== undefined) {
      for (const { onConnection } of [...this.subscriptions.values()]) onConnection(connected);
      return;
    }
    const one = this.subscriptions.get(id);
    if (gone) one?.onGone(gone);
    for (const event of events ?? []) {
      // Some may come twice if this page was hidden and seen again meanwhile.
      if (event.seq && event.seq <= one?.seq) continue;
      if (!this.subscriptions.has(id)) return; // its last event, or its board has gone
      one.seq = event.seq || one.seq;
      one.onEvent(event);
    }
  }

  /** Have callbacks called with a run's events after a seq; returns the way to end that. */
  subscribe(run, seq, callbacks) {
    const id = ++this.count;
    this.subscriptions.set(id, { run, seq, ...callbacks });
    this.say();
    return () => this.subscriptions.delete(id) && this.say();
  }
}

/** The one of this page, though each component is a module of its own. */
function streams() {
  return (globalThis.playgroundStreams ??= new Streams());
}
