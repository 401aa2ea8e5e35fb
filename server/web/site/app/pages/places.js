// Places of stock in words.
import { t, title } from "../words.js";

/** "leipzig/shelf", with its bin when one is named. @param {string} place @param {string} bin */
export function placeWords(place, bin) {
  const [a, b] = place.split("/");
  return b ? t(`place.${b}`, { site: title(a) }) + (bin ? ` (${bin})` : "") : t(`place.${a}`);
}
