import { count, h, say } from "./dom.js";
import { levels } from "./level.js";
import { Line } from "./line.js";
import { List } from "./list.js";
import { askFor, defaults, fromQuery, toQuery } from "./options.js";
import { draw } from "./row.js";
import { Search } from "./search.js";
import { Session } from "./session.js";
import { mostLines, Store } from "./store.js";
import { order, moved } from "./time.js";
import { Tools } from "./tools.js";
import { empty, states } from "./words.js";

const colors = 8;
const searched = new Set(["text", "regex", "cased"]);
const asked = new Set(["stream", "since"]);

/** A log as it is looked at: joins what is read, what is chosen and what is drawn. The document is touched once a frame at most. */
export class View {
  #store = new Store();
  #session;
  #search;
  #tools;
  #list;
  #options;
  #names = new Map();
  #shared;
  #moment;
  #current = null;
  #matches = [];
  #pausedAt = 0; // the id from which on lines are new to somebody who has scrolled up
  #frame = 0;

  constructor({ src, label, containers, shared, at, reason }) {
    this.#shared = shared;
    this.#moment = at;
    this.reason = reason;
    this.#options = shared ? fromQuery(location.search) : { ...defaults };
    this.#tools = new Tools({ change: part => this.#change(part), go: step => this.#go(step), copy: () => this.#copy() });
    this.#note = h("p", { class: "note", hidden: true });
    this.#lines = h("div", { class: "lines", role: "log", "aria-live": "off", "aria-label": `Log of ${label}`, tabindex: "0" });
    this.#empty = h("p", { class: "empty" });
    this.#jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.#toNow() });
    this.#status = h("span", { class: "status", role: "status" });
    this.#total = h("span", { class: "total" });
    this.#again = h("button", { type: "button", class: "btn framed", hidden: true, onclick: () => this.#session.goOn() }, "Go on");
    this.#frameElement = h("div", { class: "screen" }, this.#note, this.#lines, this.#empty, this.#jump);
    this.#foot = h("div", { class: "foot" }, h("i"), this.#status, this.#again, this.#total);
    this.elements = [this.#tools.element, this.#frameElement, this.#foot];
    this.#session = new Session(src, this.#store, () => this.#soon());
    this.#search = new Search(this.#store, () => this.#soon());
    this.#list = new List(this.#lines, { draw: line => draw(line, this), scrolled: () => this.#scrolled() });
    for (const element of this.elements) element.addEventListener("keydown", event => this.#key(event));
    this.know(containers);
    this.#show();
    this.#searchAnew();
    this.#begin();
  }

  #note;
  #lines;
  #empty;
  #jump;
  #status;
  #total;
  #again;
  #frameElement;
  #foot;

  /** The moment it begins at, or "" for now. */
  get moment() {
    return this.#moment;
  }

  /** For the rows: how times are written, who is who, which line the search is at, and what opens one. */
  get time() {
    return this.#options.time;
  }

  get names() {
    return this.#names;
  }

  get current() {
    return this.#current;
  }

  fold(line) {
    line.open = !line.open;
    this.#list.redrawLine(line)?.querySelector("button")?.focus({ preventScroll: true });
  }

  /** The containers whose lines these are. One that is gone keeps its name and colour: its lines are still here. */
  know(containers) {
    for (const { name, service } of containers) {
      if (!this.#names.has(name)) this.#names.set(name, { label: service || name, color: this.#names.size % colors });
    }
    const widest = Math.max(...[...this.#names.values()].map(({ label }) => label.length), 1);
    this.#frameElement.style.setProperty("--who", `${Math.min(widest, 18)}ch`);
    this.#tools.showNames(this.#names, this.#options);
    this.#soon();
  }

  dispose() {
    cancelAnimationFrame(this.#frame);
    this.#session.stop();
    this.#search.stop();
    this.#tools.dispose();
    this.#list.dispose();
  }

  #begin() {
    this.#current = null;
    this.#search.set(this.#options);
    this.#list.sticky = true;
    this.#session.start(this.#moment ? { until: moved(this.#moment, 1), tail: 500, stream: this.#options.stream } : askFor(this.#options));
  }

  #change(part) {
    this.#options = { ...this.#options, ...part };
    if (this.#shared) history.replaceState(history.state, "", `${location.pathname}${toQuery(this.#options, location.search)}`);
    this.#show();
    const changed = Object.keys(part);
    if (changed.some(name => asked.has(name))) {
      if (changed.includes("since")) this.#moment = "";
      this.#begin();
    } else if (changed.some(name => searched.has(name))) this.#searchAnew();
    else if (changed.includes("time")) this.#list.redraw();
    this.#soon();
  }

  #show() {
    this.#tools.show(this.#options);
    this.#list.wraps = this.#options.wrap;
    this.#lines.classList.toggle("wrap", this.#options.wrap);
    this.#lines.classList.toggle("timeless", this.#options.time === "hidden");
    this.#lines.classList.toggle("utc", this.#options.time === "utc");
    this.#tools.download.href = this.#session.download(askFor(this.#options));
    this.#list.relayout();
  }

  #searchAnew() {
    this.#current = null;
    this.#search.set(this.#options);
    this.#list.redraw();
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#refresh();
    });
  }

  #refresh() {
    this.#search.next();
    this.#mark();
    const rows = this.#rows();
    this.#matches = this.#search.active ? rows.filter(line => line.hits) : [];
    this.#list.update(rows);
    this.#redrawFound();
    this.#tell(rows);
  }

  #rows() {
    const { level, hidden, only } = this.#options;
    const onlyFound = only && this.#search.active;
    if (!level && hidden.length === 0 && !onlyFound) return this.#store.lines;
    const [least, away] = [levels.indexOf(level), new Set(hidden)];
    return this.#store.lines.filter(
      line =>
        !away.has(line.container) && (!onlyFound || line.hits) && (line.kind !== "" || least < 0 || levels.indexOf(line.level) >= least),
    );
  }

  // The end that led here becomes a mark among the lines, once they are all there.
  #mark() {
    if (!this.#moment || !this.reason || this.#session.state.name !== "ended" || this.#store.lines.some(line => line.kind === "reason"))
      return;
    const end = order(this.#moment);
    const place = this.#store.lines.findLastIndex(line => order(line.at) <= end) + 1;
    const mark = new Line({ at: this.#moment, container: [...this.#names.keys()][0], kind: "reason", text: this.reason });
    this.#store.insert(place, mark);
    this.#list.update(this.#store.lines);
    this.#list.redraw();
    this.#list.reveal(mark);
  }

  // Rows that were drawn before the search had looked at them, and those that are no longer the current one.
  #found = "";
  #redrawFound() {
    const state = `${this.#search.active}|${this.#search.left}|${this.#matches.length}`;
    if (state === this.#found) return;
    this.#found = state;
    this.#list.redraw();
  }

  #tell(rows) {
    const { name, text } = this.#session.state;
    const { length } = this.#store.lines;
    this.#foot.dataset.state = this.#session.resting ? "resting" : name;
    say(
      this.#status,
      this.#search.error ||
        this.#said ||
        (this.#session.resting ? "Full: the stream waits while you read" : states[name](text, this.#moment)),
    );
    this.#again.hidden = !(name === "refused" || name === "gone" || (name === "ended" && !this.#moment));
    say(this.#total, rows.length === length ? count(length, "line") : `${rows.length.toLocaleString("en")} of ${count(length, "line")}`);
    this.#tools.showFound(this.#search, this.#matches.indexOf(this.#current), this.#matches.length);
    this.#empty.hidden = rows.length > 0;
    say(this.#empty, length > 0 ? "No lines match the search and filters." : (empty[name] ?? ""));
    this.#tellOlder();
    this.#tellNew(rows);
  }

  #tellOlder() {
    const { dropped } = this.#store;
    const older = this.#session.older;
    const text =
      dropped > 0
        ? `${count(dropped, "older line has", "older lines have")} left this page: it keeps ${mostLines.toLocaleString("en")}. Download has more.`
        : older === "reading"
          ? "Reading older lines…"
          : older === "first" && this.#list.atTop && !this.#list.sticky && this.#store.lines.length > 0
            ? "Nothing older is there."
            : "";
    this.#note.hidden = text === "";
    say(this.#note, text);
  }

  #tellNew(rows) {
    const live = !this.#moment;
    if (this.#list.sticky && live) this.#pausedAt = this.#store.nextId;
    const fresh = rows.length - this.#list.indexOf(this.#pausedAt);
    this.#jump.hidden = (this.#list.sticky && live) || rows.length === 0;
    say(this.#jump, !live ? "Now ↓" : fresh > 0 ? `${count(fresh, "new line")} ↓` : "To the end ↓");
    this.#session.rest(!this.#list.sticky && this.#store.full && !this.#search.left);
  }

  #scrolled() {
    if (this.#list.atTop && !this.#list.sticky) this.#session.readOlder();
    this.#soon();
  }

  #toNow() {
    if (this.#moment) {
      this.#moment = "";
      if (this.#shared) {
        const query = new URLSearchParams(location.search);
        query.delete("at");
        // The server's part of the page has to know too, or its link to that moment would lead nowhere new.
        window.Blazor?.navigateTo(`${location.pathname}${query.size > 0 ? `?${query}` : ""}`, { replaceHistoryEntry: true });
      }
      this.#begin();
    } else this.#list.toEnd();
    this.#lines.focus({ preventScroll: true });
    this.#soon();
  }

  #go(step) {
    if (this.#matches.length === 0) return;
    const from = this.#matches.indexOf(this.#current);
    // The first step goes to what is nearest above the end of the view: one reads a log from its end.
    const to = from < 0 ? (step > 0 ? this.#matches.length - 1 : 0) : (from + step + this.#matches.length) % this.#matches.length;
    const before = this.#current;
    this.#current = this.#matches[to];
    for (const line of [before, this.#current]) if (line) this.#list.redrawLine(line);
    this.#list.reveal(this.#current);
    this.#soon();
  }

  #said = "";
  async #copy() {
    const selection = document.getSelection();
    const chosen = selection && !selection.isCollapsed && this.#lines.contains(selection.anchorNode) ? selection.toString() : "";
    const lines = this.#list.rows.filter(line => !line.kind);
    try {
      await navigator.clipboard.writeText(chosen || lines.map(line => line.plain).join("\n"));
      this.#said = chosen ? "Copied what is selected" : `Copied ${count(lines.length, "line")}`;
    } catch {
      this.#said = "The browser does not let this page copy. Select lines and press Ctrl+C, or download them.";
    }
    this.#soon();
    setTimeout(() => {
      this.#said = "";
      this.#soon();
    }, 4000);
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const typing = event.target.matches("input, select");
    const act =
      event.key === "Escape"
        ? typing && this.#tools.input.value !== ""
          ? () => this.#clear()
          : null
        : typing
          ? null
          : {
              "/": () => this.#tools.input.focus(),
              n: () => this.#go(1),
              N: () => this.#go(-1),
              End: () => this.#toNow(),
              w: () => this.#change({ wrap: !this.#options.wrap }),
            }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #clear() {
    this.#tools.input.value = "";
    this.#change({ text: "" });
  }
}
