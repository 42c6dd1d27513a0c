// Korean particles, which depend on the sound before them: `{name}[은/는]` becomes 은 or 는. The same
// as playground/locales/particles.py, where the rules are explained; one table tests both.

const HANGUL_FIRST = 0xac00;
const HANGUL_LAST = 0xd7a3;
const FINALS = 28;
const FINAL_L = 8;
/** @type {Record<string, string>} */
const DIGITS = { 0: "n", 1: "l", 3: "n", 6: "n", 7: "l", 8: "l" };
/** @type {Record<string, string>} */
const LETTERS = { L: "l", M: "n", N: "n", R: "l" };
const ENDINGS = [
  ["out", "n"],
  ["ng", "n"],
  ["le", "l"],
  ["me", ""],
  ["ne", ""],
  ["l", "l"],
  ["m", "n"],
  ["n", "n"],
  ["p", "n"],
  ["g", "n"],
  ["k", "n"],
];
const AROUND = /[ )\]}”’"'*_`»›]+$/;

/**
 * How the last syllable ends: "" with a vowel, "l" with ㄹ, "n" with another consonant.
 *
 * @param {string} text
 */
export function final(text) {
  const word = text.replace(AROUND, "");
  if (!word) return "";
  const last = word[word.length - 1];
  const code = last.charCodeAt(0);
  if (code >= HANGUL_FIRST && code <= HANGUL_LAST) {
    const index = (code - HANGUL_FIRST) % FINALS;
    return index === 0 ? "" : index === FINAL_L ? "l" : "n";
  }
  if (/\d/.test(last)) return DIGITS[last] ?? "";
  const letters = /[A-Za-z]+$/.exec(word)?.[0];
  if (!letters) return "";
  if (letters === letters.toUpperCase()) return LETTERS[last] ?? "";
  const lower = letters.toLowerCase();
  return ENDINGS.find(([ending]) => lower.endsWith(ending))?.[1] ?? "";
}

/**
 * The particle that follows a word.
 *
 * @param {string} before the word, a name or a number
 * @param {string} withFinal after a consonant
 * @param {string} without after a vowel
 */
export function particle(before, withFinal, without) {
  const ends = final(before);
  if (ends === "l" && withFinal === "으로") return without;
  return ends ? withFinal : without;
}
