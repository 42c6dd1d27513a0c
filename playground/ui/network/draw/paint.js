// Pixels: pictures of weights in two colours over the page, and items in grey.

/**
 * 255 colours as RGBA in one number each, for -127 to 127: from one colour to another, as opaque as
 * the number is large. What is 0 shows the page, in every theme.
 *
 * @param {[negative: string, positive: string]} colours as #rrggbb
 */
export function signedPalette([negative, positive]) {
  const ends = [negative, positive].map((colour) =>
    [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16)),
  );
  const palette = new Uint32Array(255);
  const parts = new Uint8ClampedArray(palette.buffer);
  for (let step = -127; step <= 127; step++) {
    const [at, share] = [4 * (step + 127), Math.abs(step) / 127];
    parts.set([...ends[step < 0 ? 0 : 1], 255 * share], at);
  }
  return palette;
}

/**
 * @param {Int8Array} numbers -127 to 127
 * @param {Uint32Array} palette
 */
export function signedPixels(numbers, palette) {
  return Uint32Array.from(numbers, (number) => palette[Math.max(number, -127) + 127]);
}

/** @param {Uint8Array} pixels 0 to 255, bright on black */
export function greyPixels(pixels) {
  const result = new Uint32Array(pixels.length);
  const parts = new Uint8ClampedArray(result.buffer);
  pixels.forEach((pixel, i) => parts.set([pixel, pixel, pixel, 255], 4 * i));
  return result;
}

/**
 * Numbers of any size as -127 to 127, by the greatest of them.
 *
 * @param {Float32Array} values
 */
export function quantised(values) {
  const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return Int8Array.from(values, (value) => Math.round((value / greatest) * 127));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint32Array} pixels in rows
 * @param {number} width
 */
export function put(canvas, pixels, width) {
  const height = pixels.length / width;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const data = new Uint8ClampedArray(/** @type {ArrayBuffer} */ (pixels.buffer));
  canvas.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
}
