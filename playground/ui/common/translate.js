// What JavaScript says, in the visitor's language: as `t` and `plural` of playground/locales.

import { particle } from "./particles.js";

// A placeholder, and maybe what stands close to it and a Korean particle that depends on its value.
const PLACEHOLDER = /\{(\w+)\}(?:([^\p{L}\p{N}\s[\]{}]*)\[(\p{L}+)\/(\p{L}+)\])?/gu;
const CATEGORIES = ["zero", "one", "two", "few", "many", "other"];

/** @type {Record<string, string | string[]>} */
let catalogue = {};
let language = "en";
let forms = pluralForms(language);

/**
 * From now on say everything in this language.
 * @param {string} name as in a `lang` attribute
 * @param {Record<string, string | string[]>} translations of each English message
 */
export function speak(name, translations) {
  if (name !== language) forms = pluralForms(name);
  const page = globalThis.document?.documentElement;
  if (page) page.lang = name;
  [language, catalogue] = [name, translations];
}

/** The language that is spoken now, for numbers and dates. */
export const spoken = () => language;

/**
 * Words of an activity in the visitor's language; in English where they are not there in it.
 * @param {{en: string, ko: string} | null | undefined} words
 */
export const said = (words) =>
  words ? (/** @type {Record<string, string | undefined>} */ (words)[language] ?? words.en) : "";

/**
 * The message in the visitor's language.
 * @param {string} message in English, written out at the call: the catalogues are made of these
 * @param {Record<string, unknown>} [values] for its placeholders, `{name}`
 */
export function t(message, values) {
  const translated = catalogue[message];
  return filled(typeof translated === "string" ? translated : message, values);
}

/**
 * The message in the form that fits a number, which is also the value of `{count}`.
 * @param {string} one
 * @param {string} many
 * @param {number} count
 * @param {Record<string, unknown>} [values] `count` among them: how the number is written
 */
export function plural(one, many, count, values) {
  const translated = catalogue[one];
  const form = Array.isArray(translated)
    ? translated[Math.min(forms(count), translated.length - 1)]
    : count === 1
      ? one
      : many;
  return filled(form, { count, ...values });
}

/**
 * A share as a percentage with one decimal.
 * @param {number} share 0 to 1
 */
export const percent = (share) =>
  Number.isFinite(share) ? t("{percent} %", { percent: (100 * share).toFixed(1) }) : "–";

/** @param {string} text @param {Record<string, unknown>} [values] */
function filled(text, values) {
  if (!values) return text;
  return text.replace(PLACEHOLDER, (found, name, between, withFinal, without) => {
    if (!(name in values)) return found;
    const written = String(values[name]);
    return withFinal ? written + between + particle(written, withFinal, without) : written;
  });
}

/**
 * The index of a number's plural form in a gettext catalogue, whose forms stand in CLDR's order.
 * @param {string} name of the language
 * @returns {(count: number) => number}
 */
function pluralForms(name) {
  const rules = new Intl.PluralRules(name);
  const own = new Set(rules.resolvedOptions().pluralCategories);
  const order = CATEGORIES.filter((category) =>
    own.has(/** @type {Intl.LDMLPluralRule} */ (category)),
  );
  return (count) => order.indexOf(rules.select(count));
}
