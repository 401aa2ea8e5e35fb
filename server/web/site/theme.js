// Before the first paint: the chosen theme, else the system's. A module would come too late.
"use strict";
(() => {
  const chosen = localStorage.getItem("dockline.theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
