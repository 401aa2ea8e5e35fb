// The keyboard. People type at human speed and end with Enter. Keys less than 30 ms apart come from
// a scanner that nobody grabbed: they are swallowed, because its Enter would press a focused
// button, and reported.

const SCANNER_MS = 30;
/** A burst is over after this much silence; a slow scanner pauses less. */
const BURST_ENDS_MS = 250;
const TYPED_MOST = 80;

/**
 * @param {{slot: (n: number) => void, typed: (text: string) => void, enter: (text: string) => void,
 *   unknown: () => void}} does
 * @returns {(e: KeyboardEvent) => void} for keydown and keyup, capturing
 */
export function keyReader(does) {
  let text = "";
  let last = -Infinity;
  let burst = false;

  /** @param {string} next */
  const show = (next) => {
    text = next;
    does.typed(text);
  };

  /** @param {KeyboardEvent} e */
  const swallow = (e) => {
    e.preventDefault();
    e.stopPropagation();
  };

  return (e) => {
    if (e.type === "keyup") {
      if (burst) swallow(e);
      return;
    }
    if (e.isComposing || e.key === "Shift" || e.key === "Alt" || e.key === "Control") return;
    if (e.altKey && !e.ctrlKey && /^Digit[1-6]$/.test(e.code)) {
      swallow(e);
      if (!e.repeat) does.slot(Number(e.code.slice(5)) - 1);
      return;
    }
    const text_key = e.key.length === 1 && ((!e.ctrlKey && !e.metaKey) || e.getModifierState("AltGraph"));
    if (!text_key && e.key !== "Enter") {
      if (e.key === "Escape") show("");
      if (e.key === "Backspace") show(text.slice(0, -1));
      return;
    }
    if (e.repeat) return swallow(e);
    const gap = e.timeStamp - last;
    last = e.timeStamp;
    if (burst && gap > BURST_ENDS_MS) burst = false;
    if (burst || gap < SCANNER_MS) {
      burst = true;
      swallow(e);
      if (text) show("");
      does.unknown();
      return;
    }
    if (e.key !== "Enter") {
      swallow(e);
      if (text.length < TYPED_MOST) show(text + e.key);
    } else if (text) {
      swallow(e);
      does.enter(text);
      show("");
    }
  };
}
