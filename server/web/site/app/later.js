// Parts of a page whose code is fetched when they are first shown, so that the first view stays small.
import { html, useEffect, useState } from "/shared/ui.js";
import { line } from "./live.js";
import { useSignal } from "./signal.js";

/** @type {Map<string, any>} */
const loaded = new Map();

/** @param {{name: string} & Record<string, any>} props name: its module in pages/, which exports Part */
export function Later({ name, ...props }) {
  const [failed, fail] = useState(/** @type {unknown} */ (null));
  const [, draw] = useState(0);
  const Part = loaded.get(name);
  useEffect(() => {
    if (Part) return;
    import(`./pages/${name}.js`).then((m) => {
      loaded.set(name, m.Part);
      draw((n) => n + 1);
    }, fail);
  }, [name]);
  if (failed) throw failed;
  return Part ? html`<${Part} ...${props} />` : null;
}

/** A button, and the form that it opens in its place. @param {{name: string, label: string} & Record<string, any>} props */
export function Opens({ name, label, ...props }) {
  const [open, setOpen] = useState(false);
  const off = useSignal(line).mode !== "live";
  if (open) return html`<${Later} name=${name} ...${props} close=${() => setOpen(false)} />`;
  return html`<div class="acts"><button type="button" class="btn" disabled=${off} onClick=${() => setOpen(true)}>${label}</button></div>`;
}
