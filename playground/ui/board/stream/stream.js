// The events of runs for all who ask, by one EventSource: a browser opens six connections to a
// server at most, and a seventh tab would wait for ever. worker.js runs it for all tabs and windows
// of a browser; where there are no shared workers, subscriptions.js runs it in its page.

/**
 * @typedef {import("../events.d.ts").Event} Event
 * @typedef {import("../../network/live.js").Portrait} Portrait
 * @typedef {{id: number, run: string, seq: number, coming?: boolean, portrait?: boolean,
 *   token?: string}} Want
 *   a board of a page; `seq` is the newest event that it has, and a run that is coming may not be
 *   there yet; or who wants a run's portraits alone, or the views of a class alone
 * @typedef {{id: number, events: Event[]} | {id: number, gone: true}} BoardMessage
 *   what a board is told: events, or that there is no such run
 * @typedef {{id: number, portrait: Portrait} | {id: number, over: true}} PortraitMessage
 *   the newest portrait, or that no more come
 * @typedef {{id: number, view: object | null, at: number, over?: true}} ViewMessage
 *   what a page may see of a class, null for nothing now, and the server's time in seconds; over if
 *   no more come
 * @typedef {BoardMessage | PortraitMessage | ViewMessage | {connected: boolean}} Message
 *   what a page is told; or whether it is connected
 * @typedef {Pick<MessagePort, "onmessage" | "postMessage">} Port
 *   through which a page says all that it wants, again and again, nothing if it is hidden
 * @typedef {{heard: number, wants: Map<number, Want>}} Page
 */

export const BEAT_MS = 15000; // so often a page says what it wants
export const SILENT_MS = 60000; // a page that has said nothing for so long has gone without a word
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30000;

export class Stream {
  constructor() {
    /** @type {Map<Port, Page>} */
    this.pages = new Map();
    this.runs = "";
    this.retry = FIRST_RETRY_MS;
    /** @type {EventSource | undefined} */
    this.source = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.retrying = undefined;
    setInterval(() => this.dropSilent(), BEAT_MS);
  }

  /** @param {Port} port of a page */
  serve(port) {
    port.onmessage = ({ data }) => this.take(port, data);
  }

  /**
   * @param {Port} port
   * @param {Want[]} list
   */
  take(port, list) {
    const had = this.pages.get(port)?.wants ?? new Map();
    // Of what it has had already, this knows the newest seq better: events may be under way.
    const wants = new Map(list.map((want) => [want.id, had.get(want.id) ?? { ...want }]));
    if (list.length) this.pages.set(port, { heard: Date.now(), wants });
    else this.pages.delete(port);
    this.follow(list.some(({ id }) => !had.has(id)));
  }

  dropSilent() {
    for (const [port, { heard }] of this.pages) {
      if (Date.now() - heard > SILENT_MS) this.pages.delete(port);
    }
    this.follow(false);
  }

  /**
   * Connect if there is something new to ask for, or less; else leave the connection alone.
   *
   * @param {boolean} added
   */
  follow(added) {
    const sorted = [this.oldest().keys(), this.lookedAt(), this.attended()];
    const runs = sorted.map((all) => [...all].sort()).join(";");
    if (!added && runs === this.runs) return;
    this.runs = runs;
    this.connect();
  }

  /** Each wanted run, with the oldest seq from which somebody wants its events. */
  oldest() {
    /** @type {Map<string, number>} */
    const runs = new Map();
    for (const { wants } of this.pages.values()) {
      for (const { run, seq, portrait, token } of wants.values()) {
        if (!portrait && !token) runs.set(run, Math.min(seq, runs.get(run) ?? seq));
      }
    }
    return runs;
  }

  /** The runs that may not be there yet. */
  coming() {
    const wants = [...this.pages.values()].flatMap((page) => [...page.wants.values()]);
    return new Set(wants.filter(({ coming, seq }) => coming && !seq).map(({ run }) => run));
  }

  /** The runs whose portraits somebody wants. */
  lookedAt() {
    const wants = [...this.pages.values()].flatMap((page) => [...page.wants.values()]);
    return new Set(wants.filter(({ portrait }) => portrait).map(({ run }) => run));
  }

  /** The classes whose views somebody wants, by their tokens. */
  attended() {
    const wants = [...this.pages.values()].flatMap((page) => [...page.wants.values()]);
    return new Set(wants.flatMap(({ token }) => token ?? []));
  }

  connect() {
    this.source?.close();
    clearTimeout(this.retrying);
    const asked = [
      ...[...this.oldest()].map(([run, seq]) => `run=${encodeURIComponent(run)}:${seq}`),
      ...[...this.coming()].map((run) => `coming=${encodeURIComponent(run)}`),
      ...[...this.lookedAt()].map((run) => `portrait=${encodeURIComponent(run)}`),
      ...[...this.attended()].map((token) => `class=${encodeURIComponent(token)}`),
    ];
    if (!asked.length) return;
    const source = new EventSource(`/api/events?${asked.join("&")}`);
    this.source = source;
    source.onopen = () => {
      this.retry = FIRST_RETRY_MS;
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

  /** @param {Message} message to every page */
  tell(message) {
    for (const port of this.pages.keys()) port.postMessage(message);
  }

  /**
   * @param {{run: string, events?: Event[], portrait?: Portrait, over?: true, gone?: string} |
   *   {class: string, view: object | null, at: number, gone?: true}} message of the server
   */
  pass(message) {
    if ("class" in message) {
      this.passView(message);
      return;
    }
    const { run, events = [], portrait, over, gone } = message;
    for (const [port, { wants }] of this.pages) {
      const send = (/** @type {Message} */ said) => port.postMessage(said);
      for (const [id, want] of wants) {
        if (want.run !== run || want.token) continue;
        if (want.portrait) {
          if (portrait) send({ id, portrait });
          if (over || gone) send({ id, over: true });
          continue;
        }
        if (gone) send({ id, gone: true });
        // Seq 0 is not kept: a notice, or a position in the queue.
        const fresh = events.filter(({ seq }) => !seq || seq > want.seq);
        if (!fresh.length) continue;
        want.seq = fresh.reduce((newest, { seq }) => Math.max(newest, seq), want.seq);
        send({ id, events: fresh });
      }
    }
  }

  /** @param {{class: string, view: object | null, at: number, gone?: true}} message of the server */
  passView({ class: token, view, at, gone }) {
    for (const [port, { wants }] of this.pages) {
      for (const [id, want] of wants) {
        if (want.token !== token) continue;
        port.postMessage({ id, view, at, ...(gone && { over: true }) });
      }
    }
  }
}
