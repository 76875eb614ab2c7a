import { Line } from "./line.js";
import { Seam } from "./seam.js";
import { Refusal, read } from "./stream.js";

// One log being read into a store: connects, connects again where it broke off, and knows how it stands.
const silence = 20_000; // the Collector says something every five seconds
const firstPause = 500;
const longestPause = 10_000;
const everything = 100_000; // what a page can hold
const olderAtATime = 1000;

export class Session {
  #src;
  #store;
  #tell;
  #stop = new AbortController();
  #ask = {};
  #rest = null;
  #oldest = false;
  #readingOlder = false;

  /** `tell` hears what changed: "lines", "state" or "older". */
  constructor(src, store, tell) {
    this.#src = src;
    this.#store = store;
    this.#tell = tell;
    this.state = { name: "connecting", text: "" };
  }

  /** Begins anew: forgets the lines and reads what is asked: `tail`, `since`, `until`, `follow`, `stream`. */
  start(ask) {
    this.stop();
    this.#stop = new AbortController();
    this.#ask = ask;
    this.#oldest = this.#readingOlder = false;
    this.#store.clear();
    this.#run(ask, null, this.#stop.signal);
  }

  /** Goes on after an end, at the seam. */
  goOn() {
    this.stop();
    this.#stop = new AbortController();
    const { ask, seam } = this.#again();
    this.#run(ask, seam, this.#stop.signal);
  }

  stop() {
    this.#stop.abort();
    this.rest(false);
  }

  /** While it rests, nothing is read: the container's stream waits, and what is on the page stays. */
  rest(on) {
    if (on === (this.#rest !== null)) return;
    if (on) {
      let end;
      this.#rest = {
        over: new Promise(resolve => {
          end = resolve;
        }),
        end,
      };
    } else {
      this.#rest.end();
      this.#rest = null;
    }
  }

  get resting() {
    return this.#rest !== null;
  }

  /** "more", "reading", "first" (nothing is older), "full" (older ones would have to go again at once) or "since" (older ones are not wanted). */
  get older() {
    if (this.#readingOlder) return "reading";
    if (this.#ask.since) return "since";
    if (this.#store.full || this.#store.dropped > 0) return "full";
    return this.#oldest || this.#store.lines.length === 0 ? "first" : "more";
  }

  async readOlder() {
    if (this.older !== "more") return;
    this.#readingOlder = true;
    this.#tell("older");
    const signal = this.#stop.signal;
    try {
      const { until, seam } = Seam.before(this.#store.lines);
      const lines = [];
      for await (const events of read(
        this.#address({ tail: olderAtATime, until, stream: this.#ask.stream }),
        AbortSignal.any([signal, AbortSignal.timeout(silence)]),
      )) {
        for (const { name, data } of events) {
          const line = name === "line" ? new Line(data) : null;
          if (line && seam.isNew(line)) lines.push(line);
        }
      }
      if (signal.aborted) return;
      this.#oldest = lines.length === 0;
      this.#store.prepend(lines);
    } catch (error) {
      if (signal.aborted) return;
      this.#oldest = error instanceof Refusal; // else the next scroll to the top asks again
    } finally {
      if (!signal.aborted) {
        this.#readingOlder = false;
        this.#tell("older");
      }
    }
  }

  /** The address of the same as a file, with all there is and not only what a page can hold. */
  download(ask) {
    return this.#address({ ...ask, tail: "all", follow: undefined }, "/download");
  }

  #address(ask, path = "") {
    const query = new URLSearchParams(Object.entries(ask).filter(([, value]) => value !== undefined && value !== ""));
    return `${this.#src}${path}?${query}`;
  }

  #become(name, text = "") {
    this.state = { name, text };
    this.#tell("state");
  }

  async #run(ask, seam, signal) {
    this.#become("connecting");
    for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
      let why = "";
      try {
        const end = await this.#readOnce(ask, seam, signal, () => {
          pause = firstPause;
        });
        if (signal.aborted) return;
        if (end && end.reason !== "engine") return this.#become("ended", end.text);
        why = end?.text ?? "";
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Refusal && error.status < 500) return this.#become(refused[error.status] ?? "refused", error.message);
        if (error instanceof Refusal) why = error.message;
      }
      this.#become("lost", why);
      await wait(pause, signal);
      if (signal.aborted) return;
      ({ ask, seam } = this.#again());
    }
  }

  // What to ask for so that nothing is missing and nothing comes twice.
  #again() {
    if (this.#store.lines.length === 0) return { ask: this.#ask, seam: null };
    const { since, seam } = Seam.after(this.#store.lines);
    return { ask: { ...this.#ask, since, tail: everything }, seam };
  }

  async #readOnce(ask, seam, signal, heard) {
    const watchdog = new AbortController();
    let timer = setTimeout(() => watchdog.abort(), silence);
    try {
      for await (const events of read(this.#address(ask), AbortSignal.any([signal, watchdog.signal]))) {
        clearTimeout(timer);
        if (signal.aborted) return null;
        heard();
        if (this.state.name !== "live") this.#become("live");
        const lines = [];
        let end = null;
        for (const { name, data } of events) {
          if (name === "line" || name === "mark") {
            const line = new Line(data);
            if (!seam || seam.isNew(line)) lines.push(line);
          } else if (name === "caught-up") seam = null;
          else if (name === "end") end = data;
        }
        if (lines.length > 0) {
          this.#store.append(lines);
          this.#tell("lines");
        }
        if (end) return end;
        await this.#rest?.over;
        timer = setTimeout(() => watchdog.abort(), silence);
      }
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}

const refused = { 401: "signed-out", 403: "signed-out", 404: "gone" };

const wait = (milliseconds, signal) =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
