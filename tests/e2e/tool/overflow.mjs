// Looks for text that is cut, wraps where it must not, or leaves the screen. Runs in the page.

/** @returns {string[]} */
export function overflow() {
  const found = new Set();
  const W = innerWidth;
  if (document.documentElement.scrollWidth > W) found.add("page scrolls sideways");
  if (document.documentElement.scrollHeight > innerHeight) found.add("page scrolls down");
  const seen = (/** @type {Element} */ e) => {
    const box = e.getBoundingClientRect();
    return getComputedStyle(e).visibility !== "hidden" && box.width > 1 && box.height > 1;
  };
  for (const e of document.querySelectorAll("body *")) {
    if (e.closest("svg, .unseen, script, [hidden]") || !seen(e)) continue;
    const box = e.getBoundingClientRect();
    const words = (e.textContent ?? "").trim().slice(0, 50);
    if (box.right > W + 1 || box.left < -1) found.add(`off page: .${e.className} ${words}`);
    const gives = e.matches(".clip, .give, .name, .what, .what b, .how, .pair .title");
    const hides = getComputedStyle(e).overflowY === "hidden";
    if (hides && !gives && e.scrollHeight > e.clientHeight + 2)
      found.add(`cut: ${e.tagName}.${e.className} ${e.scrollHeight}>${e.clientHeight} ${words}`);
    // What a packer must read whole: the banner, the commands, the strip, product and order names.
    if (e.matches(".next .clip, .cmds .clip, .strip .clip, .order .clip, .facts .clip, .ladder .clip, .aside b") && !e.children.length && !e.matches(".name"))
      if (e.scrollWidth > e.clientWidth + 1) found.add(`ellipsis: ${words} ${e.scrollWidth}>${e.clientWidth}`);
    if (e.matches(".qty") && e.scrollWidth > e.clientWidth + 1) found.add(`too wide: ${words}`);
    if (e.matches(".how") && e.scrollHeight > e.clientHeight + 8) found.add(`how is cut: ${words}`);
    if (e.matches(".what") && e.getBoundingClientRect().bottom > (e.parentElement?.getBoundingClientRect().bottom ?? 0) + 1)
      found.add(`row overfull: ${words}`);
  }
  const band = document.querySelector(".next")?.getBoundingClientRect();
  const text = document.querySelector(".next .text");
  if (band && text && text.scrollHeight > band.height + 1)
    found.add(`banner text higher than its band: ${text.scrollHeight}>${Math.round(band.height)}`);


  for (const row of document.querySelectorAll(".panel li, .facts > div")) {
    const home = row.closest(".panel")?.getBoundingClientRect();
    if (home && row.getBoundingClientRect().bottom > home.bottom + 1)
      found.add(`row below its panel: ${(row.textContent ?? "").trim().slice(0, 40)}`);
  }
  return [...found];
}
