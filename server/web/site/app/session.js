// Who sits here: the token and the name (this tab only) and the habits (this browser).
import { signal } from "./signal.js";

/** @typedef {{theme: "light" | "dark", lang: string, keys: boolean, holdSeconds: number}} Habits */

export const LANGUAGES = ["en", "de"];

/**
 * A token may come in the fragment (#token=...): it is taken and removed from the address at once,
 * so that it is in no history, no copy of the address and no picture of the screen.
 */
function tokenOfAddress() {
  const m = /^#token=([^&]+)$/.exec(location.hash);
  if (!m) return null;
  history.replaceState(null, "", location.pathname);
  return decodeURIComponent(m[1]);
}

const fromAddress = tokenOfAddress();
if (fromAddress) sessionStorage.setItem("dockline.token", fromAddress);

export const token = signal(sessionStorage.getItem("dockline.token") ?? "");
export const person = signal(sessionStorage.getItem("dockline.person") ?? "");

/** @param {string} value @param {string} name */
export function signIn(value, name) {
  sessionStorage.setItem("dockline.token", value);
  sessionStorage.setItem("dockline.person", name);
  person.set(name);
  token.set(value);
}

export function signOut() {
  sessionStorage.removeItem("dockline.token");
  token.set("");
}

/** @returns {Habits} */
function storedHabits() {
  const wished = localStorage.getItem("dockline.lang") ?? navigator.language.slice(0, 2);
  return {
    theme: document.documentElement.dataset.theme === "dark" ? "dark" : "light",
    lang: LANGUAGES.includes(wished) ? wished : "en",
    keys: localStorage.getItem("dockline.keys") !== "off",
    holdSeconds: localStorage.getItem("dockline.hold") === "60" ? 60 : 10,
  };
}

export const habits = signal(storedHabits());

/** @param {Partial<Habits>} change */
export function setHabits(change) {
  const h = { ...habits.get(), ...change };
  localStorage.setItem("dockline.theme", h.theme);
  localStorage.setItem("dockline.lang", h.lang);
  localStorage.setItem("dockline.keys", h.keys ? "on" : "off");
  localStorage.setItem("dockline.hold", String(h.holdSeconds));
  document.documentElement.dataset.theme = h.theme;
  habits.set(h);
}
