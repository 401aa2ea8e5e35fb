// Where an operator pastes the token. It is tried before it is kept.
import { html, useState } from "/shared/ui.js";
import { Icon } from "./parts.js";
import { LANGUAGES, habits, person, setHabits, signIn } from "./session.js";
import { useSignal } from "./signal.js";
import { t } from "./words.js";

/** @param {string} value @returns {Promise<"" | "denied" | "network">} */
async function tryToken(value) {
  try {
    const answer = await fetch("/api/v1/summary", { headers: { authorization: `Bearer ${value}` } });
    return answer.status === 401 || answer.status === 403 ? "denied" : answer.ok ? "" : "network";
  } catch {
    return "network";
  }
}

export function Login() {
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const h = useSignal(habits);
  /** @param {SubmitEvent} e */
  const submit = async (e) => {
    e.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (e.currentTarget));
    const value = String(form.get("token")).trim();
    if (!value) return setTrouble("empty");
    setBusy(true);
    const no = await tryToken(value);
    setBusy(false);
    setTrouble(no);
    if (!no) signIn(value, String(form.get("person")).trim());
  };
  return html`<main class="login"><div class="brand"><${Icon} name="brand" />Dockline</div>
    <form class="card pad form" onSubmit=${submit}>
      <h1>${t("login.title")}</h1>
      <p class="m">${t("login.where")} <code>token</code></p>
      <label>${t("login.token")}<input name="token" type="password" autocomplete="off" spellcheck=${false}
        aria-describedby="login-no" aria-invalid=${String(!!trouble)} /></label>
      <label>${t("login.person")}<input name="person" defaultValue=${person.get()} autocomplete="name" /></label>
      <p class="s m">${t("login.person_why")}</p>
      <p id="login-no" role="alert" class="bad">${trouble ? t(`login.${trouble}`) : ""}</p>
      <div class="acts"><button type="submit" class="btn go" disabled=${busy}>${t("login.go")}</button></div>
    </form>
    <div class="chips" role="group" aria-label=${t("help.language")}>
      ${LANGUAGES.map((l) => html`<button key=${l} type="button" class="chip" lang=${l}
        aria-pressed=${String(h.lang === l)} onClick=${() => setHabits({ lang: l })}>${t(`language.${l}`)}</button>`)}
    </div></main>`;
}
