// Draws Code 128 (subset B) as SVG: what is clicked here could be scanned from the screen.
const WIDTHS = `
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232
122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122
321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311
211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113
213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422
121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111
241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121
412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412
211214 211232 2331112`.trim().split(/\s+/);
const START_B = 104, STOP = 106, QUIET = 10;
const SVG = "http://www.w3.org/2000/svg";

// Symbol values of the text, or null when it holds something subset B cannot say.
function values(text) {
  const out = [START_B];
  for (const c of text) {
    const value = c.codePointAt(0) - 32;
    if (value < 0 || value > 94) return null;
    out.push(value);
  }
  const sum = out.reduce((total, value, i) => total + value * Math.max(i, 1), 0);
  return [...out, sum % 103, STOP];
}

export function code128(text) {
  const symbol = values(text);
  if (!symbol) return null;
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  let x = QUIET;
  let d = "";
  for (const value of symbol) {
    [...WIDTHS[value]].forEach((digit, i) => {
      if (i % 2 === 0) d += `M${x} 0h${digit}v1h-${digit}z`;
      x += Number(digit);
    });
  }
  path.setAttribute("d", d);
  svg.setAttribute("viewBox", `0 0 ${x + QUIET} 1`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}
