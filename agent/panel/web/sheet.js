// The command sheet on the screen: real Code 128, scannable. A bar must be a whole number of device
// pixels wide or a scanner reads noise, so the drawing is as wide as whole modules allow.
import { html, useLayoutEffect, useRef, useState } from "/shared/ui.js";
import { code128 } from "./code128.js";
import { SHEET, sheetCode } from "./commands.js";

const drawn = SHEET.map((name) => ({ name, code: sheetCode(name), ...code128(sheetCode(name)) }));

/** @param {{desk: import("./types.js").Desk}} props */
export function Sheet({ desk }) {
  /** @type {{current: HTMLUListElement | null}} */
  const ref = useRef(null);
  const [module, setModule] = useState(1);
  useLayoutEffect(() => {
    const measure = () => {
      const cell = ref.current?.firstElementChild;
      if (!cell) return;
      const pixels = cell.clientWidth * devicePixelRatio;
      setModule(Math.max(1, Math.floor(pixels / drawn[0].width)) / devicePixelRatio);
    };
    measure();
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);
  const { words } = desk;
  return html`<h2 class="unseen">${words.text("ui.sheet")}</h2>
    <ul class="sheet" ref=${ref}>
      ${drawn.map(
        ({ name, code, bars, width }) => html`<li key=${name}>
          <svg
            width=${width * module}
            viewBox=${`0 0 ${width} 10`}
            preserveAspectRatio="none"
            data-code=${code}
            aria-hidden="true"
          >
            <path d=${bars.map(([x, w]) => `M${x} 0h${w}v10h-${w}z`).join("")} />
          </svg>
          <span>${label(name, words)}</span>
        </li>`,
      )}
    </ul>`;
}

/** @param {string} name @param {import("/shared/i18n.js").Words} words */
function label(name, words) {
  if (/^\d$/.test(name)) return html`<b>${name}</b>`;
  return html`<b>${words.text(`cmd.${name}`)}</b> ${words.text(`cmd.${name}.does`)}`;
}
