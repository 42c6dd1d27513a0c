// What somebody looks at in the network: points at, has pressed, or has the keyboard's focus on.

/** @typedef {import("./draw/links.js").Spot} Spot */

export class Spots {
  /**
   * @param {HTMLElement} grid
   * @param {object} listeners
   * @param {() => void} listeners.onLook something else is looked at
   * @param {(spot: Spot | null, event: MouseEvent | null) => void} listeners.onPress null: by key
   */
  constructor(grid, { onLook, onPress }) {
    this.onLook = onLook;
    /** @type {Spot | null} */
    this.pointed = null;
    /** @type {Spot | null} */
    this.held = null;
    /** @type {Spot | null} */
    this.focused = null;
    grid.addEventListener("pointerover", (event) => {
      if (event.pointerType === "mouse") this.look({ pointed: spotOf(event) });
    });
    grid.addEventListener("pointerleave", () => this.look({ pointed: null }));
    grid.addEventListener("focusin", (event) => this.look({ focused: spotOf(event) }));
    grid.addEventListener("focusout", () => this.look({ focused: null }));
    grid.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("button")) return;
      this.look({ held: spotOf(event) });
      onPress(this.held, event);
    });
    grid.addEventListener("keydown", ({ key }) => {
      if (key === "Enter" || key === " ") {
        this.look({ held: this.focused });
        onPress(this.held, null);
      }
      if (key === "Escape") this.look({ held: null });
    });
  }

  /** @param {Partial<Record<"pointed" | "held" | "focused", Spot | null>>} seen */
  look(seen) {
    Object.assign(this, seen);
    this.onLook();
  }

  /** Other neurons are shown. */
  clear() {
    [this.pointed, this.held, this.focused] = [null, null, null];
  }

  now() {
    return this.pointed ?? this.held ?? this.focused;
  }
}

/** @param {Event} event @returns {Spot | null} */
function spotOf({ target }) {
  const found = target instanceof Element ? target.closest("[data-spot]") : null;
  const [layer, index] = (found?.getAttribute("data-spot") ?? "").split("-").map(Number);
  return Number.isInteger(layer) && Number.isInteger(index) ? { layer, index } : null;
}
