// Command barcodes of the sheet: "DLK", two letters, one check letter (UI.md section 4). The 19
// letters sit on the same key of US, UK, German, French and Nordic keyboards.
const LETTERS = "BCDEFGHIJKLNOPRSTUV";

/** @type {Record<string, string>} */
const TWO = {
  CONFIRM: "CO", NO: "NO", OTHER: "OT", UNDO: "UN", QTY: "NU", REPRINT: "RE", SHORT: "SH",
  HOLD: "HO", PROBLEM: "PR", HELP: "HE", COUNT: "CN",
};

/** @param {string} name a command or a digit */
export function sheetCode(name) {
  const five = `DLK${/^\d$/.test(name) ? `V${"BCDEFGHIJK"[Number(name)]}` : TWO[name]}`;
  let sum = 0;
  for (let i = 0; i < five.length; i += 1) sum += (i + 1) * LETTERS.indexOf(five[i]);
  return five + LETTERS[sum % LETTERS.length];
}

/** Everything on the sheet of the screen, in its order; HELP, which shows it, is on the printed one. */
export const SHEET = [...Object.keys(TWO).filter((name) => name !== "HELP"), ..."0123456789"];
