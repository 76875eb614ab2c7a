// Searches a store: loaded lines from the newest backwards, then new lines. A line stores where it matches (`hits`). A worker does the
// matching in slices with a deadline, so that neither a slow expression nor many lines block the page.
const sliceLines = 1000;
const sliceCharacters = 500_000;
const deadline = 4000;

export class Search {
  #store;
  #changed;
  #worker = null;
  #timer = 0;
  #run = 0;
  // Lines with these ids have been searched: #from inclusive, #to exclusive.
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

  /** Starts a new search. An empty text ends the search. */
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

  /** Searches the lines not yet searched. Called when lines were added. */
  next() {
    if (!this.#worker || this.#waiting) return;
    const { firstId, nextId } = this.#store;
    this.#from = Math.max(this.#from, firstId);
    this.#to = Math.max(this.#to, firstId);
    if (this.#to < nextId) this.#send(this.#to, Math.min(nextId, this.#to + sliceLines), true);
    else if (this.#from > firstId) this.#send(Math.max(firstId, this.#from - sliceLines), this.#from, false);
  }

  /** The number of lines still to be searched. */
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
    // Towards the newer end, start at the oldest unsearched line; towards the older end, at the newest. Lines that exceed the slice are
    // left for the next one.
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
      const line = this.#store.at(first + i * step); // it may have been dropped by now
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
