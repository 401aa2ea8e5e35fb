// How the page writes times, weights, lists and barcodes. Made once a language: Intl is slow to make.
import { clock, delay, span } from "/shared/age.js";

/** @typedef {ReturnType<typeof figures>} Figures */

const DAY = 24 * 3600 * 1000;

/** @param {string} lang BCP 47 */
export function figures(lang) {
  const minute = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const second = new Intl.DateTimeFormat(lang, {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  const day = new Intl.DateTimeFormat(lang, { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const kilo = new Intl.NumberFormat(lang, { minimumFractionDigits: 2, maximumFractionDigits: 3 });
  const fine = new Intl.NumberFormat(lang, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const whole = new Intl.NumberFormat(lang);
  const or = new Intl.ListFormat(lang, { type: "disjunction" });

  return {
    lang,
    span,
    /** @param {number} ms */
    gap: (ms) => delay(ms, lang),
    /** Clock time; another day has its name. @param {number} at @param {number} now */
    hm: (at, now) => (Math.abs(at - now) < DAY / 2 ? minute.format(at) : day.format(at)),
    /** @param {number} at @param {number} now */
    hms: (at, now) => {
      if (Math.abs(at - now) < DAY / 2) return second.format(at);
      return Math.abs(at - now) < 6 * DAY ? day.format(at) : clock(at, now, lang);
    },
    /** Of a parcel or a piece. @param {number} g */
    weight: (g) => (g < 1000 ? `${whole.format(g)} g` : `${kilo.format(g / 1000)} kg`),
    /** As a scale says it. @param {number} g */
    scale: (g) => `${fine.format(g / 1000)} kg`,
    /** @param {number} n */
    bytes: (n) => `${whole.format(Math.floor(n / 1e6))} MB`,
    /** @param {string[]} parts */
    either: (parts) => or.format(parts),
  };
}

/** EAN-13 in the groups that are printed under its bars. @param {string} code */
export function barcodeText(code) {
  return /^\d{13}$/.test(code) ? `${code[0]} ${code.slice(1, 7)} ${code.slice(7)}` : code;
}

/** Configured names are written small; they begin a sentence here. @param {string} name */
export function capital(name) {
  return name.slice(0, 1).toLocaleUpperCase() + name.slice(1);
}

/**
 * The first, telling part of a title: up to its first comma, cut at a word.
 * @param {string} title
 * @param {number} [most]
 */
export function brief(title, most = 22) {
  const head = title.split(",", 1)[0];
  if (head.length <= most) return head;
  const cut = head.slice(0, most);
  const word = cut.lastIndexOf(" ");
  return `${(word > most / 2 ? cut.slice(0, word) : cut).trimEnd()}…`;
}
