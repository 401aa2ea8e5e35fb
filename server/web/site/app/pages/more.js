// On a phone: what has no tab of its own.
import { html } from "/shared/ui.js";
import { Head, Icon } from "../parts.js";
import { href } from "../router.js";
import { t } from "../words.js";

export function Page() {
  const rows = ["goods", "sites", "stations", "decisions", "channels", "events", "backups", "import", "help"];
  const icons = ["goods", "sites", "stations", "decisions", "channels", "events", "backups", "file", "keys"];
  return html`<${Head} title=${t("nav.more")} />
    <nav class="card list" aria-label=${t("nav.more")}>${rows.map((p, i) => html`<a key=${p} class="res one"
      data-nav href=${href(p)}><${Icon} name=${icons[i]} /><span>${t(`nav.${p}`)}</span></a>`)}</nav>`;
}
