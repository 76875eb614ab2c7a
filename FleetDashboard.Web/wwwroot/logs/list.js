// A list that keeps only visible rows in the document. Rows have different heights: measured once rendered, estimated before. The line at
// the top of the view stays in place when rows above it change. At the end, the view keeps following the end.
const spare = 8; // extra rows rendered above and below the view
const nearEnd = 12; // pixels

export class List {
  #scroller;
  #sizer;
  #window;
  #draw;
  #rows = [];
  #offsets = new Float64Array(1);
  #drawn = new Map();
  #layout = 1;
  #columns = 80;
  #widest = 0;

  /** `draw(line)` creates a row, `scrolled()` is called after every scroll. */
  constructor(scroller, { draw, scrolled }) {
    this.#scroller = scroller;
    this.#draw = draw;
    this.#sizer = scroller.appendChild(document.createElement("div"));
    this.#sizer.className = "sizer";
    this.#window = this.#sizer.appendChild(document.createElement("div"));
    this.#window.className = "window";
    this.sticky = true;
    this.rowHeight = 20;
    this.wraps = true;
    const loosen = () => {
      this.sticky = false;
    };
    scroller.addEventListener(
      "wheel",
      event => {
        if (event.deltaY < 0) loosen();
      },
      { passive: true },
    );
    scroller.addEventListener(
      "scroll",
      () => {
        this.sticky = this.#distanceToEnd() < nearEnd;
        this.#render();
        scrolled();
      },
      { passive: true },
    );
    this.resizing = new ResizeObserver(() => {
      this.relayout();
    });
    this.resizing.observe(scroller);
  }

  get rows() {
    return this.#rows;
  }

  get atTop() {
    return this.#scroller.scrollTop < 2 * this.rowHeight;
  }

  /** Replaces the rows, ordered by id. */
  update(rows) {
    const anchor = this.#anchor();
    this.#rows = rows;
    this.#settle(anchor);
  }

  /** Renders the same rows again. */
  redraw() {
    for (const row of this.#drawn.values()) row.remove();
    this.#drawn.clear();
    this.#settle(this.#anchor());
  }

  /** Renders one row again and returns the new element. */
  redrawLine(line) {
    this.#drawn.get(line.id)?.remove();
    this.#drawn.delete(line.id);
    line.layout = 0;
    this.#settle(this.#anchor());
    return this.#drawn.get(line.id);
  }

  /** Drops the measured heights, because the width or the wrapping has changed. */
  relayout() {
    const anchor = this.#anchor();
    this.#layout++;
    this.#widest = 0;
    this.#sizer.style.minWidth = "";
    this.#settle(anchor);
  }

  toEnd() {
    this.sticky = true;
    this.#settle(null);
  }

  /** Scrolls a row to the middle of the view. */
  reveal(line) {
    const index = this.indexOf(line.id);
    if (this.#rows[index]?.id !== line.id) return;
    this.sticky = false;
    const middle = () => this.#offsets[index] - Math.max(0, (this.#scroller.clientHeight - this.#heightOf(line)) / 2);
    for (let i = 0; i < 3; i++) {
      // The rendered rows may be taller than estimated, so scroll again.
      this.#scroller.scrollTop = middle();
      this.#render();
    }
    this.sticky = false;
  }

  /** The index of the first row with this id or a later one. */
  indexOf(id) {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle].id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The line at the top of the view. */
  get topLine() {
    return this.#rows[this.#indexAt(this.#scroller.scrollTop)];
  }

  dispose() {
    this.resizing.disconnect();
  }

  #distanceToEnd() {
    return this.#scroller.scrollHeight - this.#scroller.scrollTop - this.#scroller.clientHeight;
  }

  #anchor() {
    if (this.sticky || this.#rows.length === 0) return null;
    const index = this.#indexAt(this.#scroller.scrollTop);
    return { id: this.#rows[index].id, into: this.#scroller.scrollTop - this.#offsets[index] };
  }

  #heightOf(line) {
    if (line.layout === this.#layout) return line.height;
    return this.wraps && line.text.length > this.#columns
      ? Math.min(Math.ceil(line.text.length / this.#columns), 50) * this.rowHeight
      : this.rowHeight;
  }

  #indexAt(y) {
    let [low, high] = [0, this.#rows.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#offsets[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #settle(anchor) {
    this.#addUp();
    this.#place(anchor);
    this.#render();
  }

  #addUp() {
    const rows = this.#rows;
    if (this.#offsets.length < rows.length + 1 || this.#offsets.length > 4 * rows.length + 1024)
      this.#offsets = new Float64Array(Math.ceil(rows.length * 1.3) + 1);
    let y = 0;
    for (let i = 0; i < rows.length; i++) {
      this.#offsets[i] = y;
      y += this.#heightOf(rows[i]);
    }
    this.#offsets[rows.length] = y;
    this.#sizer.style.height = `${y}px`;
  }

  #place(anchor) {
    if (this.sticky) this.#scroller.scrollTop = this.#offsets[this.#rows.length];
    else if (anchor) {
      const index = this.indexOf(anchor.id);
      const into = this.#rows[index]?.id === anchor.id ? anchor.into : 0;
      this.#scroller.scrollTop = this.#offsets[index] + into;
    }
  }

  #render() {
    for (let i = 0; i < 4; i++) {
      // Repeat until measuring changes nothing.
      const top = this.#scroller.scrollTop;
      const first = Math.max(0, this.#indexAt(top) - spare);
      const last = Math.min(this.#rows.length, this.#indexAt(top + this.#scroller.clientHeight) + 1 + spare);
      this.#fill(first, last);
      const anchor = this.#anchor();
      if (!this.#measure(first, last)) break;
      this.#addUp();
      this.#place(anchor);
    }
  }

  // Does not move a row that is in place: moving it would lose a selection in it.
  #fill(first, last) {
    const wanted = new Set();
    for (let i = first; i < last; i++) wanted.add(this.#rows[i].id);
    for (const [id, row] of this.#drawn) {
      if (wanted.has(id)) continue;
      if (row.contains(document.activeElement)) this.#scroller.focus({ preventScroll: true });
      row.remove();
      this.#drawn.delete(id);
    }
    let next = this.#window.firstChild;
    for (let i = first; i < last; i++) {
      const line = this.#rows[i];
      let row = this.#drawn.get(line.id);
      if (!row) this.#drawn.set(line.id, (row = this.#draw(line)));
      if (row === next) next = next.nextSibling;
      else this.#window.insertBefore(row, next);
    }
    this.#window.style.transform = `translateY(${this.#offsets[first]}px)`;
  }

  #measure(first, last) {
    let changed = false;
    for (let i = first; i < last; i++) {
      const line = this.#rows[i];
      if (line.layout === this.#layout) continue;
      const row = this.#drawn.get(line.id);
      const height = row.offsetHeight;
      if (height === 0) return false; // the element is not visible
      if (this.wraps) this.#learnColumns(row);
      changed ||= height !== this.#offsets[i + 1] - this.#offsets[i];
      line.height = height;
      line.layout = this.#layout;
    }
    if (!this.wraps) this.#widen();
    return changed;
  }

  // Without wrapping, the width stays at the widest row so far. Otherwise the view would jump sideways when that row leaves.
  #widen() {
    const width = this.#window.scrollWidth;
    if (width <= this.#widest) return;
    this.#widest = width;
    this.#sizer.style.minWidth = `${width}px`;
  }

  #learnColumns(row) {
    const text = row.querySelector(".text");
    if (!text || text.childElementCount > 0 || text.textContent.length < 8) return;
    this.#columns = Math.max(10, Math.floor(text.clientWidth / (this.characterWidth ??= widthOf(text))));
  }
}

function widthOf(text) {
  const probe = document.createElement("span");
  probe.textContent = "0".repeat(100);
  probe.style.cssText = "position:absolute;visibility:hidden;white-space:pre";
  text.append(probe);
  const width = probe.getBoundingClientRect().width / 100;
  probe.remove();
  return width || 7.5;
}
