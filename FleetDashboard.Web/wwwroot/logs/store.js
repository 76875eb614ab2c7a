// The lines of one view, oldest first, with consecutive ids. Limited in lines and characters: the oldest are dropped.
export const mostLines = 100_000;
const mostCharacters = 24_000_000;
const slack = 2_000; // dropped in bulk, because shifting a long array for each line costs more than the line

export class Store {
  lines = [];
  firstId = 0;
  dropped = 0;
  #characters = 0;

  get nextId() { return this.firstId + this.lines.length; }

  get last() { return this.lines.at(-1); }

  /** Whether a new line makes older lines drop. */
  get full() { return this.lines.length >= mostLines || this.#characters >= mostCharacters; }

  at(id) { return this.lines[id - this.firstId]; }

  append(lines) {
    for (const line of lines) {
      line.id = this.nextId;
      this.lines.push(line);
      this.#characters += line.text.length;
    }
    if (this.lines.length > mostLines + slack || this.#characters > mostCharacters) this.#trim();
  }

  prepend(lines) {
    this.firstId -= lines.length;
    lines.forEach((line, i) => {
      line.id = this.firstId + i;
      this.#characters += line.text.length;
    });
    this.lines = lines.concat(this.lines);
  }

  /** Inserts one line. Later lines get new ids. */
  insert(index, line) {
    this.lines.splice(index, 0, line);
    for (let i = index; i < this.lines.length; i++) this.lines[i].id = this.firstId + i;
  }

  clear() {
    this.firstId = this.nextId; // ids are never reused
    this.lines = [];
    this.dropped = 0;
    this.#characters = 0;
  }

  #trim() {
    let gone = Math.max(0, this.lines.length - mostLines);
    for (let i = 0; i < gone; i++) this.#characters -= this.lines[i].text.length;
    while (this.#characters > mostCharacters && gone < this.lines.length - 1) this.#characters -= this.lines[gone++].text.length;
    this.lines.splice(0, gone);
    this.firstId += gone;
    this.dropped += gone;
  }
}
