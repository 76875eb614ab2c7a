import { plain } from "./ansi.js";
import { levelOf } from "./level.js";

/** One line, or a note between lines (`kind` is set). Expensive properties are computed on first use. */
export class Line {
  #plain = null;
  #level = null;

  constructor({ at, container, stream = "", text = "", cut = 0, kind = "" }) {
    this.id = 0; // its position in the store
    this.at = at ?? "";
    this.container = container ?? "";
    this.stream = stream;
    this.text = text ?? "";
    this.cut = cut;
    this.kind = kind;
    this.open = false; // JSON is expanded, or a long line is shown in full
    this.hits = null; // where the search matches: [from, to, from, to, ...]
    this.height = 0;
    this.layout = 0; // the layout in which the height was measured
  }

  get plain() { return this.#plain ??= plain(this.text); }

  get level() { return this.#level ??= levelOf(this.plain); }

  /** Two lines with the same key are the same line, or identical copies. */
  get key() { return `${this.at}\n${this.container}\n${this.stream}${this.kind}\n${this.text}`; }
}
