// Amounts of money in the reader's way of writing them.
import { language, num } from "./words.js";

/** @param {number} minor @param {string} currency */
export function money(minor, currency) {
  try {
    return new Intl.NumberFormat(language.get().lang, { style: "currency", currency }).format(minor / 100);
  } catch {
    return `${num(minor / 100)} ${currency}`; // a currency Intl does not know
  }
}
