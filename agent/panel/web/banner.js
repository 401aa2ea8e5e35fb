// Band 2: what happened, what to do, how. And the words for screen readers.
import { html, useLayoutEffect, useRef } from "/shared/ui.js";
import { Icon } from "./parts.js";

/**
 * Three sizes only: 11vh or 9vh on one line, else 7vh on at most two. Measured after the text, the
 * window or the language changed; never in between.
 * @param {string} text
 */
function useFit(text) {
  /** @type {{current: HTMLHeadingElement | null}} */
  const ref = useRef(null);
  useLayoutEffect(() => {
    const fit = () => {
      const h = ref.current;
      if (!h) return;
      const wraps = () =>
        h.getBoundingClientRect().height > parseFloat(getComputedStyle(h).fontSize) * 1.5;
      h.className = "";
      for (const size of ["fit2", "fit3"]) if (wraps()) h.className = size;
      if (wraps()) h.className = "fit3 two";
    };
    fit();
    addEventListener("resize", fit);
    document.fonts?.ready.then(fit);
    return () => removeEventListener("resize", fit);
  }, [text]);
  return ref;
}

/**
 * @param {{says: ReturnType<typeof import("./sentences.js").sentence>, beat: string,
 *   count: import("./types.js").View["count"], desk: import("./types.js").Desk}} props
 */
export function Banner({ says, beat, count, desk }) {
  const ref = useFit(`${says.do}|${desk.words.lang}|${count ? String(count.n).length : 0}`);
  return html`<section class="next" data-tone=${says.tone} aria-labelledby="do">
    <div class="glyph"><${Icon} key=${beat} id=${says.glyph} /></div>
    <div class="text">
      <p class=${says.gives ? "said give" : "said clip"}>${says.said}</p>
      <h1 id="do" ref=${ref}>${says.do}</h1>
      <p class="how">${says.how}</p>
    </div>
    ${count &&
    html`<div class="count">
      <b>${desk.words.number(count.n)}</b><span>${desk.words.text(`ui.count.${count.kind}`)}</span>
    </div>`}
  </section>`;
}

const ANNOUNCE_EVERY_MS = 1000;
let announced = "";
let last = -ANNOUNCE_EVERY_MS;
let waiting = 0;

/**
 * Says a state once. When scans come faster than one a second only the last is said.
 * @param {string} state what makes it a new state
 * @param {import("./types.js").Tone} tone
 * @param {string} text
 */
export function announce(state, tone, text) {
  if (state === announced) return;
  announced = state;
  clearTimeout(waiting);
  const say = () => {
    last = performance.now();
    const loud = tone === "stop";
    const set = (/** @type {string} */ id, /** @type {string} */ words) => {
      const node = document.getElementById(id);
      if (node) node.textContent = words;
    };
    set("polite", loud ? "" : text);
    set("assertive", loud ? text : "");
  };
  const rest = last + ANNOUNCE_EVERY_MS - performance.now();
  if (rest <= 0) say();
  else waiting = window.setTimeout(say, rest);
}
