// Ages and clock times as people say them. Units are SI signs, the same in every language; the
// words around them ("ago") are sentences of the page.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long, in at most two units: "4 s", "3 min", "2 h 28 min", "3 d 2 h". `fine` keeps the seconds
 * of minutes: "1 min 23 s". A time in the future counts as 0 s: clocks differ, ages do not.
 * @param {number} ms
 * @param {boolean} [fine]
 */
export function span(ms, fine = false) {
  const t = Math.max(0, ms);
  if (t < MINUTE) return `${Math.floor(t / SECOND)} s`;
  if (t < HOUR) {
    const s = Math.floor((t % MINUTE) / SECOND);
    return fine && s ? `${Math.floor(t / MINUTE)} min ${s} s` : `${Math.floor(t / MINUTE)} min`;
  }
  if (t < DAY) {
    const m = Math.floor((t % HOUR) / MINUTE);
    return m ? `${Math.floor(t / HOUR)} h ${m} min` : `${Math.floor(t / HOUR)} h`;
  }
  const h = Math.floor((t % DAY) / HOUR);
  return h && t < 10 * DAY ? `${Math.floor(t / DAY)} d ${h} h` : `${Math.floor(t / DAY)} d`;
}

/**
 * A measured delay: "0.4 s", "12 s", "4 min 9 s". Below 10 s one decimal is kept.
 * @param {number} ms
 * @param {string} lang
 */
export function delay(ms, lang) {
  if (ms >= 10 * SECOND) return span(ms, true);
  const digits = ms > 0 && ms < 100 ? 2 : 1;
  return `${new Intl.NumberFormat(lang, { minimumFractionDigits: 1, maximumFractionDigits: digits }).format(ms / SECOND)} s`;
}

/**
 * When: today "14:02:31", this week "Sat 12:04", else "3 Nov 12:04" or "3 Nov 2025".
 * @param {number} at wall clock
 * @param {number} now wall clock
 * @param {string} lang
 * @param {string} [zone]
 */
export function clock(at, now, lang, zone) {
  /** @param {Intl.DateTimeFormatOptions} o */
  const by = (o) => new Intl.DateTimeFormat(lang, { hourCycle: "h23", timeZone: zone, ...o });
  const day = by({ year: "numeric", month: "2-digit", day: "2-digit" });
  if (day.format(at) === day.format(now))
    return by({ hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
  if (Math.abs(now - at) < 6 * DAY)
    return by({ weekday: "short", hour: "2-digit", minute: "2-digit" }).format(at);
  if (Math.abs(now - at) < 300 * DAY)
    return by({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(at);
  return by({ day: "numeric", month: "short", year: "numeric" }).format(at);
}
