// Keys, and the habits of this browser.
import { html } from "/shared/ui.js";
import { Card, Head } from "../parts.js";
import { habits, LANGUAGES, setHabits, signOut } from "../session.js";
import { useSignal } from "../signal.js";
import { t } from "../words.js";

const KEYS = [
  ["/", "search"], ["g t", "go_today"], ["g o", "go_orders"], ["g s", "go_stock"], ["g e", "go_exceptions"],
  ["g b", "go_stations"], ["g d", "go_decisions"], ["g c", "go_channels"], ["g k", "go_backups"], ["g w", "go_goods"], ["g l", "go_events"], ["g i", "go_sites"], ["j k", "move"],
  ["Enter", "open"], ["1 2 3", "decide"], ["z", "back"], ["?", "help"],
];

/**
 * One setting: its name and the choices, one of which is pressed.
 * @param {{label: string, choices: [string, boolean, () => void][]}} props
 */
const Setting = ({ label, choices }) =>
  html`<div class="setting"><span>${label}</span><div class="chips" role="group" aria-label=${label}>
    ${choices.map(([name, on, pick]) => html`<button key=${name} type="button" class="chip"
      aria-pressed=${String(on)} onClick=${pick}>${name}</button>`)}</div></div>`;

export function Page() {
  const h = useSignal(habits);
  return html`<${Head} title=${t("nav.help")} />
    <div class="grid g2">
      <${Card} title=${t("help.keys")}><dl class="kv pad keys">${KEYS.map(([k, id]) =>
        html`<dt key=${id}>${k.split(" ").map((one) => html`<kbd key=${one}>${one}</kbd>`)}</dt>
          <dd>${t(`help.key_${id}`)}</dd>`)}</dl><//>
      <${Card} title=${t("help.settings")}><div class="pad settings">
        <${Setting} label=${t("help.language")} choices=${LANGUAGES.map((l) =>
          [t(`language.${l}`), h.lang === l, () => setHabits({ lang: l })])} />
        <${Setting} label=${t("help.theme")} choices=${/** @type {const} */ (["light", "dark"]).map((th) =>
          [t(`help.${th}`), h.theme === th, () => setHabits({ theme: th })])} />
        <${Setting} label=${t("help.single_keys")} choices=${[
          [t("help.on"), h.keys, () => setHabits({ keys: true })],
          [t("help.off"), !h.keys, () => setHabits({ keys: false })]]} />
        <${Setting} label=${t("help.hold")} choices=${[10, 60].map((s) =>
          [`${s} s`, h.holdSeconds === s, () => setHabits({ holdSeconds: s })])} />
        <div><button type="button" class="btn" onClick=${signOut}>${t("help.sign_out")}</button></div>
      </div><//>
    </div>`;
}
