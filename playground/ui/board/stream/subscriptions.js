// What all boards of a page share: their subscriptions to the events of runs.

import { BEAT_MS, Stream } from "./stream.js";

/**
 * @typedef {import("../events.d.ts").Event} Event
 * @typedef {object} Callbacks
 * @property {(event: Event) => void} onEvent
 * @property {(connected: boolean) => void} onConnection
 * @property {() => void} onGone there is no such run
 * @typedef {object} Look
 * @property {(portrait: import("../../network/live.js").Portrait) => void} onPortrait
 * @property {() => void} onOver no more come
 * @typedef {(view: object | null, at: number) => void} OnView
 *   null if there is nothing to see any more; `at` is the server's time in seconds
 */

// A run that was to begin and for whose events nobody has asked in this time has not begun.
const EXPECTED_MS = 10000;

export class Subscriptions {
  constructor() {
    /** @type {Map<number, Callbacks & {run: string, seq: number, coming?: boolean}>} */
    this.all = new Map();
    /** @type {{id: number, run: string, events: Event[]} | undefined} */
    this.expected = undefined;
    /** @type {Map<number, Look & {run: string}>} */
    this.looks = new Map();
    /** @type {Map<number, {token: string, onView: OnView, onConnection: Callbacks["onConnection"]}>} */
    this.classes = new Map();
    this.count = 0;
    this.port = this.sharedPort() ?? this.ownPort();
    this.listen();
    document.addEventListener("visibilitychange", () => this.say());
    addEventListener("pageshow", () => this.say());
    addEventListener("pagehide", () => this.port.postMessage([]));
    const wanted = () => this.all.size + this.looks.size + this.classes.size;
    setInterval(() => wanted() && this.say(), BEAT_MS);
  }

  /** A port to the worker of all tabs; undefined where there are no shared workers. */
  sharedPort() {
    try {
      const worker = new SharedWorker(new URL("worker.js", import.meta.url), { type: "module" });
      worker.onerror = () => {
        // It could not be loaded.
        this.port.onmessage = null;
        this.port = this.ownPort();
        this.listen();
      };
      return worker.port;
    } catch {
      return undefined;
    }
  }

  /** A port to a stream in this page. */
  ownPort() {
    const { port1, port2 } = new MessageChannel();
    new Stream().serve(port1);
    return port2;
  }

  listen() {
    this.port.onmessage = ({ data }) => this.take(data);
    this.say();
  }

  /** Say all that this page wants: nothing while nobody sees it. */
  say() {
    const hidden = document.visibilityState === "hidden";
    const wants = [
      ...[...this.all].map(([id, { run, seq, coming }]) => ({
        id,
        run,
        seq,
        ...(coming && { coming }),
      })),
      ...[...this.looks].map(([id, { run }]) => ({ id, run, seq: 0, portrait: true })),
      ...[...this.classes].map(([id, { token }]) => ({ id, run: "", seq: 0, token })),
    ];
    this.port.postMessage(hidden ? [] : wants);
  }

  /** @param {import("./stream.js").Message} message */
  take(message) {
    if ("connected" in message) {
      const told = [...this.all.values(), ...this.classes.values()];
      for (const { onConnection } of told) onConnection(message.connected);
      return;
    }
    const { id } = message;
    if ("portrait" in message) {
      this.looks.get(id)?.onPortrait(message.portrait);
      return;
    }
    if ("view" in message) {
      this.classes.get(id)?.onView(message.view, message.at);
      // To ask again would be to connect again and again: the stream of nothing ends at once.
      if (message.over && this.classes.delete(id)) this.say();
      return;
    }
    if ("over" in message) {
      this.looks.get(id)?.onOver();
      return;
    }
    if ("gone" in message) {
      this.all.get(id)?.onGone();
      return;
    }
    for (const event of message.events) {
      const one = this.all.get(id);
      if (!one) return; // its last event, or its board has gone
      // Some may come twice if this page was hidden and seen again meanwhile.
      if (event.seq && event.seq <= one.seq) continue;
      one.seq = event.seq || one.seq;
      one.onEvent(event);
    }
  }

  /**
   * @param {Callbacks & {run: string, seq: number, coming?: boolean}} wanted
   * @returns {number} its id
   */
  ask(wanted) {
    const id = ++this.count;
    this.all.set(id, wanted);
    this.say();
    return id;
  }

  /**
   * Have callbacks called with a run's events after a seq.
   *
   * @param {string} run
   * @param {number} seq
   * @param {Callbacks} callbacks
   * @returns {() => void} the way to end that
   */
  subscribe(run, seq, callbacks) {
    const id =
      (seq ? undefined : this.adopt(run, callbacks)) ?? this.ask({ run, seq, ...callbacks });
    return () => {
      if (this.all.delete(id)) this.say();
    };
  }

  /**
   * Ask for the events of a run that is about to begin: its board will get them when it subscribes.
   *
   * @param {string} run
   */
  expect(run) {
    this.stopExpecting();
    /** @type {Event[]} */
    const events = [];
    const onEvent = (/** @type {Event} */ event) => events.push(event);
    const onGone = () => this.expected?.id === id && this.stopExpecting();
    const callbacks = { onEvent, onConnection: () => {}, onGone };
    const id = this.ask({ run, seq: 0, coming: true, ...callbacks });
    this.expected = { id, run, events };
    setTimeout(onGone, EXPECTED_MS);
  }

  /**
   * Have callbacks called with the events of a run that was expected, those that have come first.
   *
   * @param {string} run
   * @param {Callbacks} callbacks
   * @returns {number | undefined} the subscription's id; nothing if another run was expected
   */
  adopt(run, callbacks) {
    if (this.expected?.run !== run) return undefined;
    const { id, events } = this.expected;
    this.expected = undefined;
    this.all.set(id, { run, seq: this.all.get(id)?.seq ?? 0, ...callbacks });
    queueMicrotask(() => {
      for (const event of events) if (this.all.has(id)) callbacks.onEvent(event);
    });
    return id;
  }

  stopExpecting() {
    const { expected } = this;
    this.expected = undefined;
    if (expected && this.all.delete(expected.id)) this.say();
  }

  /**
   * Have callbacks called with the newest portraits of a run, while this page is seen.
   *
   * @param {string} run
   * @param {Look} callbacks
   * @returns {() => void} the way to end that
   */
  look(run, callbacks) {
    const id = ++this.count;
    this.looks.set(id, { run, ...callbacks });
    this.say();
    return () => {
      if (this.looks.delete(id)) this.say();
    };
  }

  /**
   * Have a callback called with what this page may see of a class, whenever it changes.
   *
   * @param {string} token
   * @param {OnView} onView
   * @param {Callbacks["onConnection"]} [onConnection]
   * @returns {() => void} the way to end that
   */
  attend(token, onView, onConnection = () => {}) {
    const id = ++this.count;
    this.classes.set(id, { token, onView, onConnection });
    this.say();
    return () => {
      if (this.classes.delete(id)) this.say();
    };
  }
}

/** @type {Subscriptions | undefined} */
let shared;

/** The subscriptions of this page. */
export function subscriptions() {
  return (shared ??= new Subscriptions());
}
