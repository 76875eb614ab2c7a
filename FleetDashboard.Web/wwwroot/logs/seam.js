import { moved, order } from "./time.js";

// Where a stream was lost, a stretch of it is read again: containers' lines interleave, and the last one that came need not be the newest.
// What is here already is left out, as often as it is here; two lines that are alike stay two.
const overlap = -1;
const lookBack = 60; // seconds, where every line is stamped ahead

export class Seam {
  #known = new Map();

  constructor(lines) {
    for (const { key } of lines) this.#known.set(key, (this.#known.get(key) ?? 0) + 1);
  }

  /**
   * The seam after the newest lines, and the moment to read from. A line that is stamped ahead of now says nothing of where the stream was lost: what is printed
   * until then would be left out.
   */
  static after(lines) {
    const now = order(new Date().toISOString());
    const past = lines.filter(line => order(line.at) <= now);
    const since = past.length > 0 ? [moved(past.at(-1).at, overlap), order(past[0].at)].sort().at(-1) : moved(now, -lookBack);
    return { since, seam: new Seam(lines.filter(line => order(line.at) >= moved(since, overlap))) };
  }

  /** The seam before the oldest lines, and the moment to read up to. */
  static before(lines) {
    const until = order(lines[0].at);
    const end = lines.findIndex(line => order(line.at) > moved(until, -overlap));
    return { until, seam: new Seam(end < 0 ? lines : lines.slice(0, end)) };
  }

  isNew(line) {
    const times = this.#known.get(line.key) ?? 0;
    if (times > 0) this.#known.set(line.key, times - 1);
    return times === 0;
  }
}
