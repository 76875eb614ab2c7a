import { plain } from "./ansi.js";
import { levelOf } from "./level.js";

/** One line, or a mark between lines (`kind` is set). What costs time is worked out when it is first asked for. */
export class Line {
  #plain = null;
  #level = null;

  constructor({ at, container, stream = "", text = "", cut = 0, kind = "" }) {
    this.id = 0; // its place in the store
    this.at = at ?? "";
    this.container = container ?? "";
    this.stream = stream;
    this.text = text ?? "";
    this.cut = cut;
    this.kind = kind;
    this.open = false; // JSON folded open, or a long line shown whole
    this.hits = null; // where the search matches: [from, to, from, to, ...]
    this.height = 0;
    this.layout = 0; // the layout that height was measured in
  }

  get plain() { return this.#plain ??= plain(this.text); }

  get level() { return this.#level ??= levelOf(this.plain); }

  /** Two lines of the same key are the same line, or cannot be told apart. */
  get key() { return `${this.at}\n${this.container}\n${this.stream}${this.kind}\n${this.text}`; }
}
