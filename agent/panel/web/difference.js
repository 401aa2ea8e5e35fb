// What tells two lookalike titles apart: the words that differ. A number takes the word before it
// along: not "02" but "size 02".

/**
 * @param {string} title
 * @param {string} other
 * @returns {[string, string, string]} the title as common start, difference, common end
 */
export function difference(title, other) {
  const a = title.split(" ");
  const b = other.split(" ");
  let from = 0;
  while (from < a.length && from < b.length && a[from] === b[from]) from += 1;
  let tail = 0;
  while (
    tail < a.length - from &&
    tail < b.length - from &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail += 1;
  if (from > 0 && (/^\d/.test(a[from] ?? "") || /^\d/.test(b[from] ?? ""))) from -= 1;
  const to = a.length - tail;
  if (from >= to) return ["", title, ""];
  return [a.slice(0, from).join(" "), a.slice(from, to).join(" "), a.slice(to).join(" ")];
}
