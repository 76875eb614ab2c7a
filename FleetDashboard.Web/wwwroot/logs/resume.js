import { shift, order } from "./time.js";

// After a broken connection, the stream is read again from a little before the break: lines of several containers interleave, so the last
// received line need not be the newest. Lines that are already loaded are skipped, each as often as it is loaded, so two identical lines
// stay two.
const overlap = -1;
const lookBack = 60; // seconds; used if every line has a timestamp in the future

export class ResumePoint {
  #loaded = new Map();

  constructor(lines) {
    for (const { key } of lines) this.#loaded.set(key, (this.#loaded.get(key) ?? 0) + 1);
  }

  /** Resumes after the newest lines: the time to read from, and the lines to skip. Lines with a timestamp in the future are ignored here,
     because reading from them would skip everything printed until then. */
  static after(lines) {
    const now = order(new Date().toISOString());
    const past = lines.filter(line => order(line.at) <= now);
    const since = past.length > 0 ? [shift(past.at(-1).at, overlap), order(past[0].at)].sort().at(-1) : shift(now, -lookBack);
    return { since, resume: new ResumePoint(lines.filter(line => order(line.at) >= shift(since, overlap))) };
  }

  /** Resumes before the oldest lines: the time to read up to, and the lines to skip. */
  static before(lines) {
    const until = order(lines[0].at);
    const end = lines.findIndex(line => order(line.at) > shift(until, -overlap));
    return { until, resume: new ResumePoint(end < 0 ? lines : lines.slice(0, end)) };
  }

  isNew(line) {
    const times = this.#loaded.get(line.key) ?? 0;
    if (times > 0) this.#loaded.set(line.key, times - 1);
    return times === 0;
  }
}
