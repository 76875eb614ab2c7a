// Timestamps as the Collector writes them: UTC with nanoseconds, which a Date cannot hold. They are compared as text and parsed only for
// display.

/** A text that sorts like the timestamp. */
export function order(at) {
  if (at.length === 30) return at;
  const [, seconds, fraction = ""] = /^([^.Z+]*)(?:\.(\d*))?/.exec(at);
  return `${seconds}.${fraction.padEnd(9, "0").slice(0, 9)}Z`;
}

/** The timestamp moved by this many seconds. */
export function shift(at, seconds) {
  const [whole, fraction] = order(at).split(".");
  return `${new Date(Date.parse(`${whole}Z`) + seconds * 1000).toISOString().slice(0, 19)}.${fraction}`;
}

const two = n => String(n).padStart(2, "0");
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The time shown before a line: to the millisecond, with its date unless that is today. */
export function clock(at, mode) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const now = new Date();
  const ms = String(date.getMilliseconds()).padStart(3, "0");
  if (mode === "utc") {
    const day =
      date.toISOString().slice(0, 10) === now.toISOString().slice(0, 10) ? "" : `${two(date.getUTCDate())} ${months[date.getUTCMonth()]} `;
    return `${day}${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.${ms}`;
  }
  const day = date.toDateString() === now.toDateString() ? "" : `${two(date.getDate())} ${months[date.getMonth()]} `;
  return `${day}${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}
