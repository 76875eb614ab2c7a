// The search through a store: what is there from the newest line backwards, then whatever comes. Lines learn where they match (`hits`); the
// matching itself is the worker's, in slices with a deadline, so that no expression and no amount of lines holds up the page.
const sliceLines = 1000;
const sliceCharacters = 500_000;
const deadline = 4000;

export class Search {
  #store;
  #changed;
  #worker = null;
  #timer = 0;
  #run = 0;
  // The lines with these ids have been looked at: from, up to but not including to.
  #from = 0;
  #to = 0;
  #waiting = false;
  #sent = null;

  constructor(store, changed) {
    this.#store = store;
    this.#changed = changed;
    this.error = "";
    this.active = false;
  }

  /** Searches for something else; an empty text is no search. */
  set({ text, regex, cased }) {
    this.stop();
    for (const line of this.#store.lines) line.hits = null;
    this.error = "";
    this.active = text !== "";
    if (!this.active) return this.#changed();
    const source = regex ? text : text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    const flags = cased ? "gu" : "giu";
    try {
      new RegExp(source, flags);
    } catch (error) {
      this.active = false;
      this.error = `This is no regular expression: ${error.message.replace(/^Invalid regular expression: /, "")}.`;
      return this.#changed();
    }
    this.#from = this.#to = this.#store.nextId;
    this.#worker = new Worker(new URL("./search-worker.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#take(data);
    this.#worker.postMessage({ source, flags });
    this.next();
    this.#changed();
  }

  /** Looks at what it has not seen yet; called when lines have come. */
  next() {
    if (!this.#worker || this.#waiting) return;
    const { firstId, nextId } = this.#store;
    this.#from = Math.max(this.#from, firstId);
    this.#to = Math.max(this.#to, firstId);
    if (this.#to < nextId) this.#send(this.#to, Math.min(nextId, this.#to + sliceLines), true);
    else if (this.#from > firstId) this.#send(Math.max(firstId, this.#from - sliceLines), this.#from, false);
  }

  /** Lines that are still to be looked at. */
  get left() {
    return this.#worker ? this.#store.nextId - this.#to + Math.max(0, this.#from - this.#store.firstId) : 0;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#waiting = false;
    this.#run++;
  }

  #send(from, to, newer) {
    const texts = [];
    let characters = 0;
    // Towards the newer end from the older line on, towards the older end from the newer one back: what is too much for a slice is left for
    // the next.
    while (from < to && characters < sliceCharacters) {
      const text = this.#store.at(newer ? from++ : --to).plain;
      characters += text.length;
      texts.push(text);
    }
    this.#waiting = true;
    this.#sent = newer ? { first: from - texts.length, step: 1, end: from } : { first: to + texts.length - 1, step: -1, end: to };
    this.#worker.postMessage({ texts, run: this.#run });
    this.#timer = setTimeout(() => this.#giveUp(), deadline);
  }

  #take({ run, found }) {
    if (run !== this.#run) return;
    clearTimeout(this.#timer);
    this.#waiting = false;
    const { first, step, end } = this.#sent;
    for (const [i, hits] of found) {
      const line = this.#store.at(first + i * step); // it may be gone by now
      if (line) line.hits = hits;
    }
    if (step > 0) this.#to = end;
    else this.#from = end;
    this.next();
    this.#changed();
  }

  #giveUp() {
    this.stop();
    this.error = "This expression takes too long. Try one without repetitions inside repetitions.";
    this.#changed();
  }
}
