// Where the keyboard is on the page of a class. What is pressed there is often gone afterwards, with
// its step; a browser then begins at the top of the page, or somewhere.

/** The step that is shown now, from which the way goes on into it. */
const STEP = '.st-key-class_steps button[kind="primary"]';

export class Place {
  constructor() {
    /** @type {EventTarget | null} what a key has pressed last, until something else has the focus */
    this.pressed = null;
    this.leaving = new AbortController();
    const options = { capture: true, signal: this.leaving.signal };
    document.addEventListener("keydown", (event) => this.note(event), options);
    for (const other of ["pointerdown", "focusin"]) {
      document.addEventListener(other, () => (this.pressed = null), options);
    }
    this.observer = new MutationObserver(() => requestAnimationFrame(() => this.goToStep()));
    const app = document.querySelector("[data-testid=stApp]");
    // A step has come when the script has ended.
    if (app) this.observer.observe(app, { attributeFilter: ["data-test-script-state"] });
  }

  /** @param {KeyboardEvent} event */
  note({ key, target }) {
    this.pressed = key === "Enter" || key === " " ? target : null;
  }

  /** Go to the step, if what was pressed is gone and nothing else has the focus. */
  goToStep() {
    const { pressed } = this;
    if (!(pressed instanceof HTMLElement) || pressed.checkVisibility()) return;
    if (document.activeElement !== document.body) return;
    const step = document.querySelector(STEP);
    if (step instanceof HTMLElement) step.focus();
  }

  leave() {
    this.leaving.abort();
    this.observer.disconnect();
  }
}
