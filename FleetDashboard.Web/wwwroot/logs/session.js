import { Line } from "./line.js";
import { ResumePoint } from "./resume.js";
import { Refusal, read } from "./stream.js";

// Streams one log into a store: connects, reconnects where it broke off, and knows its state.
const silenceTimeout = 20_000; // the Collector sends something every five seconds
const firstPause = 500;
const longestPause = 10_000;
const everything = 100_000; // the most lines that a page keeps
const olderAtATime = 1000;

export class Session {
  #src;
  #store;
  #notify;
  #stop = new AbortController();
  #request = {};
  #pause = null;
  #oldest = false;
  #readingOlder = false;

  /** `notify` is called with what changed: "lines", "state" or "older". */
  constructor(src, store, notify) {
    this.#src = src;
    this.#store = store;
    this.#notify = notify;
    this.state = { name: "connecting", text: "" };
  }

  /** Restarts: drops the lines and reads with these parameters: `tail`, `since`, `until`, `follow`, `stream`. */
  start(request) {
    this.stop();
    this.#stop = new AbortController();
    this.#request = request;
    this.#oldest = this.#readingOlder = false;
    this.#store.clear();
    this.#run(request, null, this.#stop.signal);
  }

  /** Continues after the end of a stream, without gaps or duplicates. */
  resume() {
    this.stop();
    this.#stop = new AbortController();
    const { request, resume } = this.#resumeRequest();
    this.#run(request, resume, this.#stop.signal);
  }

  stop() {
    this.#stop.abort();
    this.pause(false);
  }

  /** While paused, nothing is read: the container's stream waits, and the loaded lines stay. */
  pause(on) {
    if (on === (this.#pause !== null)) return;
    if (on) {
      let end;
      this.#pause = {
        over: new Promise(resolve => {
          end = resolve;
        }),
        end,
      };
    } else {
      this.#pause.end();
      this.#pause = null;
    }
  }

  get paused() {
    return this.#pause !== null;
  }

  /** "more", "reading", "first" (there are no older lines), "full" (there is no space for older lines) or "since" (the viewer asked for a
     start time). */
  get older() {
    if (this.#readingOlder) return "reading";
    if (this.#request.since) return "since";
    if (this.#store.full || this.#store.dropped > 0) return "full";
    return this.#oldest || this.#store.lines.length === 0 ? "first" : "more";
  }

  async readOlder() {
    if (this.older !== "more") return;
    this.#readingOlder = true;
    this.#notify("older");
    const signal = this.#stop.signal;
    try {
      const { until, resume } = ResumePoint.before(this.#store.lines);
      const lines = [];
      for await (const events of read(
        this.#address({ tail: olderAtATime, until, stream: this.#request.stream }),
        AbortSignal.any([signal, AbortSignal.timeout(silenceTimeout)]),
      )) {
        for (const { name, data } of events) {
          const line = name === "line" ? new Line(data) : null;
          if (line && resume.isNew(line)) lines.push(line);
        }
      }
      if (signal.aborted) return;
      this.#oldest = lines.length === 0;
      this.#store.prepend(lines);
    } catch (error) {
      if (signal.aborted) return;
      this.#oldest = error instanceof Refusal; // otherwise the next scroll to the top tries again
    } finally {
      if (!signal.aborted) {
        this.#readingOlder = false;
        this.#notify("older");
      }
    }
  }

  /** The address of the same log as a file. The file is complete, not limited to what a page keeps. */
  download(request) {
    return this.#address({ ...request, tail: "all", follow: undefined }, "/download");
  }

  #address(request, path = "") {
    const query = new URLSearchParams(Object.entries(request).filter(([, value]) => value !== undefined && value !== ""));
    return `${this.#src}${path}?${query}`;
  }

  #become(name, text = "") {
    this.state = { name, text };
    this.#notify("state");
  }

  async #run(request, resume, signal) {
    this.#become("connecting");
    for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
      let why = "";
      try {
        const end = await this.#readOnce(request, resume, signal, () => {
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
      ({ request, resume } = this.#resumeRequest());
    }
  }

  // The parameters for the next request, such that no line is missing and none is duplicated.
  #resumeRequest() {
    if (this.#store.lines.length === 0) return { request: this.#request, resume: null };
    const { since, resume } = ResumePoint.after(this.#store.lines);
    return { request: { ...this.#request, since, tail: everything }, resume };
  }

  async #readOnce(request, resume, signal, received) {
    const watchdog = new AbortController();
    let timer = setTimeout(() => watchdog.abort(), silenceTimeout);
    try {
      for await (const events of read(this.#address(request), AbortSignal.any([signal, watchdog.signal]))) {
        clearTimeout(timer);
        if (signal.aborted) return null;
        received();
        if (this.state.name !== "live") this.#become("live");
        const lines = [];
        let end = null;
        for (const { name, data } of events) {
          if (name === "line" || name === "mark") {
            const line = new Line(data);
            if (!resume || resume.isNew(line)) lines.push(line);
          } else if (name === "caught-up") resume = null;
          else if (name === "end") end = data;
        }
        if (lines.length > 0) {
          this.#store.append(lines);
          this.#notify("lines");
        }
        if (end) return end;
        await this.#pause?.over;
        timer = setTimeout(() => watchdog.abort(), silenceTimeout);
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
