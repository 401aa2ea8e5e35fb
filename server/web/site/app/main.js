// Start: words, session, line, keys; then the page that the address names.
import { html, render, useEffect, useErrorBoundary, useState } from "/shared/ui.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { Login } from "./login.js";
import { Empty } from "./parts.js";
import { forgetAll } from "./resource.js";
import { forgetRows } from "./rows.js";
import { href, route } from "./router.js";
import { token } from "./session.js";
import { Shell } from "./shell.js";
import { useSignal } from "./signal.js";
import { language, moreWords, startWords, t } from "./words.js";

// A page is a module of its own, fetched when it is first shown; it exports Page.
const PAGES = ["today", "orders", "stock", "exceptions", "sites", "stations", "decisions", "channels", "backups", "goods", "events", "whatif", "search", "import", "help", "more"];
/** @type {Record<string, string[]>} pages with words of their own: strings/<language>.<family>.json */
const WORDS = { stock: ["wares", "stock"], goods: ["wares", "goods"], orders: ["wares", "orders"], whatif: ["whatif"], sites: ["wares", "sites"], search: ["search"] };
/** @type {Map<string, any>} */
const loaded = new Map();

/** @param {{page: string, id: string, params: URLSearchParams}} props */
function Lazy({ page, id, params }) {
  const [failed, fail] = useState(/** @type {unknown} */ (null));
  const [, draw] = useState(0);
  const Page = loaded.get(page);
  useEffect(() => {
    if (Page) return;
    if (loaded.has(page)) return draw((n) => n + 1); // since it was drawn
    Promise.all([import(`./pages/${page}.js`), ...(WORDS[page] ?? []).map(moreWords)]).then(([m]) => {
      loaded.set(page, m.Page);
      draw((n) => n + 1);
    }, fail);
  }, [page]);
  if (failed) throw failed;
  return Page ? html`<${Page} id=${id} params=${params} />` : null;
}

/** @param {{page: string}} props */
const Unknown = ({ page }) =>
  html`<h1>${t("unknown.title")}</h1><div class="card"><${Empty} icon="find"
    title=${t("unknown.page", { page })}><a class="btn" href=${href("today")}>${t("nav.today")}</a><//></div>`;

/** @param {{children?: any}} props a page that fails says so; the frame and the other pages live */
function Guarded({ children }) {
  const [error, reset] = useErrorBoundary((e) => console.error(e));
  if (!error) return children;
  return html`<h1>${t("failed.page")}</h1><div class="card"><${Empty} icon="ask" title=${String(error)}
    text=${t("failed.page_do")}><button type="button" class="btn" onClick=${reset}>${t("act.try_now")}</button><//></div>`;
}

function App() {
  const words = useSignal(language);
  const r = useSignal(route);
  const signedIn = useSignal(token);
  if (!signedIn) return html`<${Login} key=${words.lang} />`;
  const known = PAGES.includes(r.page);
  const name = known ? t(`nav.${r.page}`) : "";
  return html`<${Shell} key=${words.lang} title=${r.id ? `${r.id}, ${name}` : name}>
    <${Guarded} key=${r.page}>${known ? html`<${Lazy} page=${r.page} id=${r.id} params=${r.params} />` : html`<${Unknown} page=${r.page} />`}<//><//>`;
}

await startWords();
token.watch((v) => { if (!v) { forgetAll(); forgetRows(); } });
startLive();
startKeys();
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById("root")));
