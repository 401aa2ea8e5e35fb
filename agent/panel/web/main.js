// Starts the page: hears the agent, keeps the time of hearing, draws.
import { words } from "/shared/i18n.js";
import { html, render } from "/shared/ui.js";
import { figures } from "./figures.js";
import { keyReader } from "./keys.js";
import { link } from "./link.js";
import { Page } from "./page.js";

const LOST_AFTER_MS = 3000;
const REDRAW_MS = 1000;
const REPORT_KEYS_MS = 1000;
/** Intl writes 24 hours and day before month with this; the words are the same. */
const LOCALE = /** @type {Record<string, string>} */ ({ en: "en-GB", de: "de-DE" });

/** @typedef {import("./types.js").View} View */

/** @type {View | null} */
let view = null;
let heard = performance.now();
let drawn = 0;
let wasLost = false;
let typed = "";
let reported = -REPORT_KEYS_MS;
/** @type {{lang: string, words: import("/shared/i18n.js").Words, figures: import("./figures.js").Figures} | null} */
let tongue = null;
let asked = "";
const root = /** @type {HTMLElement} */ (document.getElementById("root"));

/** @param {string} lang */
async function learn(lang) {
  if (asked === lang) return;
  asked = lang;
  const known = lang in LOCALE ? lang : "en";
  const locale = LOCALE[known];
  try {
    const answer = await fetch(`/strings/${known}.json`);
    if (!answer.ok) throw new Error(`${answer.status}`);
    const strings = await answer.json();
    // The browser's language is asked for first, the bench's after it; answers may come the other
    // way round, and the late one is of no use any more.
    if (asked !== lang) return;
    tongue = { lang, words: words(locale, strings), figures: figures(locale) };
  } catch {
    if (asked === lang) asked = ""; // the program is just going: the next drawing asks again
    return;
  }
  draw();
}

/** The agent's words are wanted; before it spoke, the browser's. */
function wanted() {
  return view?.lang ?? (navigator.language.startsWith("de") ? "de" : "en");
}

function draw() {
  void learn(wanted());
  if (!tongue) return;
  drawn = performance.now();
  const silent = drawn - heard;
  const lost = silent > LOST_AFTER_MS;
  wasLost = lost;
  const now = (view ? view.now_ms : Date.now() - silent) + silent;
  const html_ = document.documentElement;
  if (html_.lang !== tongue.lang) html_.lang = tongue.lang;
  if (view) {
    if (html_.dataset.theme !== view.theme) html_.dataset.theme = view.theme;
    html_.style.setProperty("--k", String(view.scale || 1));
    const title = tongue.words.text("ui.title", { bench: view.bench.name });
    if (document.title !== title) document.title = title;
  }
  const desk = { now, words: tongue.words, figures: tongue.figures };
  render(
    html`<${Page} view=${view} lost=${lost} heard_ms=${now - silent} typed=${typed} desk=${desk} send=${send} />`,
    root,
  );
}

const scheme = location.protocol === "https:" ? "wss" : "ws";
const send = link(`${scheme}://${location.host}/ws`, (next) => {
  view = next;
  heard = performance.now();
  draw();
});

const keys = keyReader({
  slot: (n) => {
    const command = view?.commands[n];
    if (command) send({ do: "command", command });
  },
  typed: (text) => {
    typed = text;
    draw();
  },
  enter: (text) => send({ do: "type", text }),
  unknown: () => {
    const now = performance.now();
    if (now - reported < REPORT_KEYS_MS) return;
    reported = now;
    send({ do: "unknown-keys" });
  },
});
addEventListener("keydown", keys, true);
addEventListener("keyup", keys, true);

// Ages grow between messages, and silence shows.
setInterval(() => {
  const now = performance.now();
  const lost = now - heard > LOST_AFTER_MS;
  if (lost !== wasLost || now - drawn >= REDRAW_MS) draw();
}, 250);
void learn(wanted());
