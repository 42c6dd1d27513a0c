// The live board in the browser. Python passes {runId, status, ended, epochs, figures, bindings}
// (board.py, charts.py); this file reads the run's events and applies them.
// plotly.js, streams.js, board_words.js and board_charts.js stand above it in the same module.

const SETTLE_MS = 100;
const FALLBACK_MS = 1000;

const boards = new WeakMap(); // the component's parent element -> its board

class Board {
  constructor(root, data) {
    Object.assign(this, { root, runId: data.runId, ended: data.ended });
    this.epochs = data.epochs;
    // What Python passed last, and what it has been told or has told: see attach() and report().
    this.passed = this.known = data.status;
    this.now = { status: { status: data.status, reason: "" } }; // newest data of each kind
    this.seq = 0;
    this.queue = [];
    this.calls = 0;
    this.labels = data.figures.confusion.data[0].x;
    this.charts = new Charts(root, data);
    this.root.toggleAttribute("data-tested", false);
    for (const name of ["test", "trained"]) {
      for (const part of this.parts(name)) part.hidden = true;
    }
    this.part("pinned").hidden = !data.figures.pinned;
    this.show("notice", "");
    this.show("connection", "");
    this.render();
    this.connect();
    this.charts.load(() =>
      this.show("notice", "The charts could not be loaded. Please reload the page."),
    );
  }

  /** Every run of the component's default export ends here; nothing is built again. */
  attach(data, setTriggerValue) {
    this.setTriggerValue = setTriggerValue;
    // An answer that was under way while the status changed says the old word again: it tells
    // nothing new, and must not cause another run of the script.
    if (data.status !== this.passed) this.passed = this.known = data.status;
    this.charts.takeTheme();
    this.charts.showReferences(data);
    return ++this.calls;
  }

  destroy() {
    this.destroyed = true;
    this.leave();
    cancelAnimationFrame(this.frame);
    [this.fallback, this.settling].forEach(clearTimeout);
    this.charts.destroy();
  }

  parts(name) {
    return this.root.querySelectorAll(`[data-part="${name}"]`);
  }

  part(name) {
    return this.parts(name)[0];
  }

  show(part, message) {
    write(this.part(part), message);
    this.part(part).hidden = !message;
  }

  connect() {
    this.leave = streams().subscribe(this.runId, this.seq, {
      onEvent: (event) => {
        this.seq = event.seq || this.seq;
        this.queue.push(event);
        if (event.kind === "status" && this.ended.includes(event.data.status)) this.leave();
        this.schedule();
      },
      onConnection: (connected) =>
        this.show("connection", connected ? "" : "Connection lost, trying again…"),
      onGone: (sentence) => {
        this.leave();
        this.show("connection", sentence);
      },
    });
  }

  /** One update per frame for all that has come; by a timer where a hidden page has no frames. */
  schedule() {
    if (this.frame) return;
    const go = () => {
      cancelAnimationFrame(this.frame);
      clearTimeout(this.fallback);
      this.frame = 0;
      this.update();
    };
    this.frame = requestAnimationFrame(go);
    this.fallback = setTimeout(go, FALLBACK_MS);
  }

  update() {
    for (const event of this.queue.splice(0)) this.apply(event);
    this.render();
    this.charts.draw();
    const { seq, root } = this;
    setTimeout(() => {
      const at = performance.timeOrigin + performance.now();
      root.dispatchEvent(new CustomEvent("board:drawn", { bubbles: true, detail: { seq, at } }));
    });
  }

  apply({ kind, data }) {
    this.now[kind] = data;
    if (kind === "status") {
      // The history, too, comes event by event: only a status that stays is told.
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.report(), SETTLE_MS);
    }
    this.charts.apply(kind, data);
  }

  report() {
    const { status } = this.now.status;
    if (status === this.known || this.ended.includes(this.known)) return;
    if (window.playgroundArrival?.leaving()) {
      // A run of this page now would keep the reader on it (see arrival.js).
      this.settling = setTimeout(() => this.report(), SETTLE_MS);
      return;
    }
    this.known = status;
    this.setTriggerValue("status", status);
  }

  render() {
    const { status, progress, epoch, test, notice } = this.now;
    const ended = this.ended.includes(status.status);
    this.root.dataset.status = status.status;
    write(this.part("status"), status.status);
    write(this.part("reason"), status.reason ? `. ${status.reason}` : "");
    if (notice) this.show("notice", notice.message);

    write(this.part("pace"), inOneLine(this.now, this.epochs, ended));
    this.part("bars").hidden = ended;
    this.part("epoch-bar").value = progress ? progress.step / progress.steps : 0;
    this.part("run-bar").value = progress ? progress.epoch / progress.epochs : 0;

    write(this.part("accuracy"), epoch ? exact(epoch.accuracy) : "–");
    write(this.part("val-accuracy"), epoch ? exact(epoch.val_accuracy) : "–");
    if (test) {
      this.root.toggleAttribute("data-tested", true);
      for (const part of this.parts("test")) part.hidden = false;
      write(this.root.querySelector('[data-testid="test-accuracy"]'), exact(test.accuracy));
      write(this.root.querySelector('[data-testid="test-loss"]'), exact(test.loss));
      this.part("trained").hidden = test.train_accuracy == null; // older runs have none
      write(this.part("train-accuracy"), exact(test.train_accuracy ?? 0));
    }
    const captions = inCaptions(this.now, this.labels);
    this.charts.caption(captions);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".live-board");
  let board = boards.get(parentElement);
  if (!board || board.destroyed || board.root !== root || board.runId !== data.runId) {
    board?.destroy();
    board = new Board(root, data);
    boards.set(parentElement, board);
  }
  const call = board.attach(data, setTriggerValue);
  // Streamlit may clean up after an outdated call while a newer one uses the board.
  return () => {
    if (call === board.calls) board.destroy();
  };
}
