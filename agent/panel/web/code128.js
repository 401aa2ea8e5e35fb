// Code 128, set B: enough for the command sheet. Widths of bars and spaces in turn, from
// ISO/IEC 15417 table 1; each symbol is 11 modules wide, the stop symbol 13.
const WIDTHS =
  "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231" +
  "113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211" +
  "212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131" +
  "113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111" +
  "314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211" +
  "241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141" +
  "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214" +
  "211232";
const START_B = 104;
const STOP = "2331112";
/** Light room left and right of the bars, in modules. */
export const QUIET = 10;

/** @param {number} value */
const symbol = (value) => WIDTHS.slice(value * 6, value * 6 + 6);

/**
 * @param {string} text ASCII 32 to 126
 * @returns {{bars: [number, number][], width: number}} start and width of each bar, in modules,
 *   quiet zones included in the width
 */
export function code128(text) {
  let check = START_B;
  let widths = symbol(START_B);
  for (let i = 0; i < text.length; i += 1) {
    const value = text.charCodeAt(i) - 32;
    if (value < 0 || value > 94) throw new Error(`Code 128 B cannot hold "${text[i]}"`);
    check += value * (i + 1);
    widths += symbol(value);
  }
  widths += symbol(check % 103) + STOP;
  /** @type {[number, number][]} */
  const bars = [];
  let at = QUIET;
  for (let i = 0; i < widths.length; i += 1) {
    const w = Number(widths[i]);
    if (i % 2 === 0) bars.push([at, w]);
    at += w;
  }
  return { bars, width: at + QUIET };
}
