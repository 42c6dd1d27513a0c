// What workers, the hub and the store say in English, in the visitor's language: as `from_english`
// of playground/locales.

const PLACEHOLDER = /\{(\w+)(?::[^{}]*)?\}/g;

/**
 * @typedef {object} Pattern
 * @property {RegExp} pattern what a sentence with values looks like
 * @property {string[]} names of its values, in order
 * @property {string} translated with placeholders
 * @property {number} words how many characters of the message are no values
 */

export class Sentences {
  /** @param {Record<string, string>} translations of the English messages; none in English */
  constructor(translations) {
    this.translations = translations;
    /** @type {Pattern[]} the one with the most words first */
    this.patterns = Object.entries(translations)
      .filter(([message]) => message.search(PLACEHOLDER) >= 0)
      .map(([message, translated]) => makePattern(message, translated))
      .sort((a, b) => b.words - a.words);
    /** @type {Map<string, string>} */
    this.known = new Map();
  }

  /**
   * The sentence in the visitor's language; what is none of this version's messages stays.
   *
   * @param {string} sentence
   * @returns {string}
   */
  read(sentence) {
    const known = this.known.get(sentence);
    if (known !== undefined) return known;
    const found = this.translate(sentence);
    this.known.set(sentence, found);
    return found;
  }

  /** @param {string} sentence */
  translate(sentence) {
    const whole = this.translations[sentence];
    if (whole !== undefined) return whole;
    for (const { pattern, names, translated } of this.patterns) {
      const found = pattern.exec(sentence);
      if (!found) continue;
      /** @type {Record<string, string>} */
      const values = {};
      names.forEach((name, i) => (values[name] = this.read(found[i + 1])));
      return translated.replace(PLACEHOLDER, (place, name) => values[name] ?? place);
    }
    return sentence;
  }
}

/**
 * @param {string} message
 * @param {string} translated
 * @returns {Pattern}
 */
function makePattern(message, translated) {
  const names = [...message.matchAll(PLACEHOLDER)].map(([, name]) => name);
  const words = message.split(/\{\w+(?::[^{}]*)?\}/);
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return {
    pattern: new RegExp(`^${escaped.join("(.*?)")}$`, "s"),
    names,
    translated,
    words: words.join("").length,
  };
}
