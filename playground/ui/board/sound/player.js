// Plays sounds with the browser's Web Audio. A page may make none before it was pressed.

/** @typedef {import("./notes.js").Sound} Sound */

// A sound of the same kind is left out that comes sooner: eight notes a second.
export const REST_MS = 125;

/**
 * How loud, 0 to 1, and how long, in seconds; in a chord, how long after one pitch the next.
 *
 * @type {Record<Sound["kind"], {volume: number, seconds: number, apart: number, wave: OscillatorType}>}
 */
const SHAPES = {
  note: { volume: 0.08, seconds: 0.12, apart: 0, wave: "sine" },
  tick: { volume: 0.04, seconds: 0.03, apart: 0, wave: "triangle" },
  chord: { volume: 0.06, seconds: 0.7, apart: 0.09, wave: "sine" },
};
const RISE = 0.008; // seconds: without it, each begins with a click

export class Player {
  constructor() {
    /** @type {AudioContext | undefined} */
    this.context = undefined;
    /** @type {Partial<Record<Sound["kind"], number>>} */
    this.playedAt = {}; // milliseconds
    document.addEventListener("visibilitychange", () => document.hidden && this.rest());
  }

  /** To be called while the page answers a press, or after one. */
  wake() {
    if (typeof AudioContext === "undefined") return;
    this.context ??= new AudioContext();
    void this.context.resume();
  }

  /** Where the page was not pressed yet, wake with its next press. */
  wakeAtPress() {
    if (navigator.userActivation?.hasBeenActive) return this.wake();
    for (const press of ["pointerup", "keydown"]) {
      addEventListener(press, () => this.wake(), { once: true });
    }
  }

  /** Be silent at once. */
  rest() {
    void this.context?.suspend();
  }

  /** @param {Sound} sound */
  play({ kind, pitches }) {
    const { context } = this;
    const now = performance.now();
    if (!context || now - (this.playedAt[kind] ?? -Infinity) < REST_MS) return;
    this.playedAt[kind] = now;
    // It rests since the page was hidden.
    if (context.state === "suspended") void context.resume();
    const { volume, seconds, apart, wave } = SHAPES[kind];
    pitches.forEach((frequency, i) => {
      const start = context.currentTime + i * apart;
      const voice = new OscillatorNode(context, { type: wave, frequency });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(volume, start + RISE);
      gain.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
      voice.connect(gain).connect(context.destination);
      voice.start(start);
      voice.stop(start + seconds);
    });
  }
}
