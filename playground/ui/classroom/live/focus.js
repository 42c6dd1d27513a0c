// Where the keyboard is on the page of a class. What is pressed there is often gone afterwards, with
// its step; a browser then begins at the top of the page, or somewhere.

/** The step that is shown now, from which the way goes on into it. */
const STEP = '.st-key-class_steps button[kind="primary"]';

export class Focus {
  /** @param {HTMLElement} line where the way goes on while there is no step */
  constructor(line) {
    this.line = line;
    /**
     * What a key has pressed last, until something else has the focus. Who joins has pressed it
     * before the line of the class came.
     *
     * @type {EventTarget | null}
     */
    this.pressed = navigator.userActivation?.hasBeenActive ? document.activeElement : null;
    this.leaving = new AbortController();
    const options = { capture: true, signal: this.leaving.signal };
    document.addEventListener("keydown", (event) => this.note(event), options);
    for (const other of ["pointerdown", "focusin"]) {
      document.addEventListener(other, () => (this.pressed = null), options);
    }
    const go = () => requestAnimationFrame(() => this.goToStep());
    this.observer = new MutationObserver(go);
    const app = document.querySelector("[data-testid=stApp]");
    // A step has come when the script has ended; that may have been before this was loaded.
    if (app) this.observer.observe(app, { attributeFilter: ["data-test-script-state"] });
    go();
  }

  /** @param {KeyboardEvent} event */
  note({ key, target }) {
    this.pressed = key === "Enter" || key === " " ? target : null;
  }

  /** Go to the step, if what was pressed is gone and nothing else has the focus. */
  goToStep() {
    const { pressed } = this;
    const { activeElement: now, body } = document;
    if (!(pressed instanceof HTMLElement) || now !== body) return;
    if (pressed !== body && pressed.checkVisibility()) return;
    const step = document.querySelector(STEP);
    (step instanceof HTMLElement ? step : this.line).focus();
  }

  leave() {
    this.leaving.abort();
    this.observer.disconnect();
  }
}
