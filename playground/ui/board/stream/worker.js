// The shared worker: one stream for all tabs and windows of a browser. Its address has the version
// of our modules in it, so pages of an older version keep their own worker.

import { Stream } from "./stream.js";

const stream = new Stream();
addEventListener("connect", (event) => stream.serve(/** @type {MessageEvent} */ (event).ports[0]));
