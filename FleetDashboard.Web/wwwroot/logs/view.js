import { count, h, setText } from "./dom.js";
import { levels } from "./level.js";
import { Line } from "./line.js";
import { List } from "./list.js";
import { requestFor, defaults, fromQuery, toQuery } from "./options.js";
import { draw } from "./row.js";
import { Search } from "./search.js";
import { Session } from "./session.js";
import { mostLines, Store } from "./store.js";
import { order, shift } from "./time.js";
import { Tools } from "./tools.js";
import { empty, states } from "./state-text.js";

const colors = 8;
const searchOptions = new Set(["text", "regex", "cased"]);
const streamOptions = new Set(["stream", "since"]);

/** The view of a log: connects the stream, the options and the rows. Updates the document at most once per frame. */
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
  #pausedAt = 0; // lines with this id or a later one are new to a viewer who has scrolled up
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
    this.#jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.#followNow() });
    this.#status = h("span", { class: "status", role: "status" });
    this.#total = h("span", { class: "total" });
    this.#again = h("button", { type: "button", class: "btn framed", hidden: true, onclick: () => this.#session.resume() }, "Continue");
    this.#frameElement = h("div", { class: "screen" }, this.#note, this.#lines, this.#empty, this.#jump);
    this.#foot = h("div", { class: "foot" }, h("i"), this.#status, this.#again, this.#total);
    this.elements = [this.#tools.element, this.#frameElement, this.#foot];
    this.#session = new Session(src, this.#store, () => this.#schedule());
    this.#search = new Search(this.#store, () => this.#schedule());
    this.#list = new List(this.#lines, { draw: line => draw(line, this), scrolled: () => this.#scrolled() });
    for (const element of this.elements) element.addEventListener("keydown", event => this.#key(event));
    this.addContainers(containers);
    this.#show();
    this.#restartSearch();
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

  /** The time at which the view starts, or "" for now. */
  get moment() {
    return this.#moment;
  }

  /** For the rows: the time format, the containers, the selected match, and how to expand a line. */
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

  /** Adds containers of the log. A removed container keeps its name and colour, because its lines are still shown. */
  addContainers(containers) {
    for (const { name, service } of containers) {
      if (!this.#names.has(name)) this.#names.set(name, { label: service || name, color: this.#names.size % colors });
    }
    const widest = Math.max(...[...this.#names.values()].map(({ label }) => label.length), 1);
    this.#frameElement.style.setProperty("--who", `${Math.min(widest, 18)}ch`);
    this.#tools.showNames(this.#names, this.#options);
    this.#schedule();
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
    const { stream } = this.#options;
    this.#session.start(this.#moment ? { until: shift(this.#moment, 1), tail: 500, stream } : requestFor(this.#options));
  }

  #change(part) {
    this.#options = { ...this.#options, ...part };
    if (this.#shared) history.replaceState(history.state, "", `${location.pathname}${toQuery(this.#options, location.search)}`);
    this.#show();
    const changed = Object.keys(part);
    if (changed.some(name => streamOptions.has(name))) {
      if (changed.includes("since")) this.#moment = "";
      this.#begin();
    } else if (changed.some(name => searchOptions.has(name))) this.#restartSearch();
    else if (changed.includes("time")) this.#list.redraw();
    this.#schedule();
  }

  #show() {
    this.#tools.show(this.#options);
    this.#list.wraps = this.#options.wrap;
    this.#lines.classList.toggle("wrap", this.#options.wrap);
    this.#lines.classList.toggle("timeless", this.#options.time === "hidden");
    this.#lines.classList.toggle("utc", this.#options.time === "utc");
    this.#tools.download.href = this.#session.download(requestFor(this.#options));
    this.#list.relayout();
  }

  #restartSearch() {
    this.#current = null;
    this.#search.set(this.#options);
    this.#list.redraw();
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#refresh();
    });
  }

  #refresh() {
    this.#search.next();
    this.#addReason();
    const rows = this.#rows();
    this.#matches = this.#search.active ? rows.filter(line => line.hits) : [];
    this.#list.update(rows);
    this.#redrawFound();
    this.#showState(rows);
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

  // The exit that the viewer came from becomes a note among the lines, once all of them are loaded.
  #addReason() {
    if (!this.#moment || !this.reason || this.#session.state.name !== "ended" || this.#store.lines.some(line => line.kind === "reason"))
      return;
    const end = order(this.#moment);
    const place = this.#store.lines.findLastIndex(line => order(line.at) <= end) + 1;
    const note = new Line({ at: this.#moment, container: [...this.#names.keys()][0], kind: "reason", text: this.reason });
    this.#store.insert(place, note);
    this.#list.update(this.#store.lines);
    this.#list.redraw();
    this.#list.reveal(note);
  }

  // Renders again the rows that were searchOptions after they were rendered, and the previously selected match.
  #found = "";
  #redrawFound() {
    const state = `${this.#search.active}|${this.#search.left}|${this.#matches.length}`;
    if (state === this.#found) return;
    this.#found = state;
    this.#list.redraw();
  }

  #showState(rows) {
    const { name, text } = this.#session.state;
    const { length } = this.#store.lines;
    this.#foot.dataset.state = this.#session.paused ? "paused" : name;
    setText(
      this.#status,
      this.#search.error ||
        this.#message ||
        (this.#session.paused ? "Paused: the page is full while you read" : states[name](text, this.#moment)),
    );
    this.#again.hidden = !(name === "refused" || name === "gone" || (name === "ended" && !this.#moment));
    setText(
      this.#total,
      rows.length === length ? count(length, "line") : `${rows.length.toLocaleString("en")} of ${count(length, "line")}`,
    );
    this.#tools.showFound(this.#search, this.#matches.indexOf(this.#current), this.#matches.length);
    this.#empty.hidden = rows.length > 0;
    setText(this.#empty, length > 0 ? "No lines match the search and filters." : (empty[name] ?? ""));
    this.#showOlder();
    this.#showNew(rows);
  }

  #showOlder() {
    const { dropped } = this.#store;
    const older = this.#session.older;
    const text =
      dropped > 0
        ? `${count(dropped, "older line has", "older lines have")} been dropped: the page keeps ${mostLines.toLocaleString("en")} lines. ` +
          "Use Download for all."
        : older === "reading"
          ? "Loading older lines…"
          : older === "first" && this.#list.atTop && !this.#list.sticky && this.#store.lines.length > 0
            ? "There are no older lines."
            : "";
    this.#note.hidden = text === "";
    setText(this.#note, text);
  }

  #showNew(rows) {
    const live = !this.#moment;
    if (this.#list.sticky && live) this.#pausedAt = this.#store.nextId;
    const fresh = rows.length - this.#list.indexOf(this.#pausedAt);
    this.#jump.hidden = (this.#list.sticky && live) || rows.length === 0;
    setText(this.#jump, !live ? "Now ↓" : fresh > 0 ? `${count(fresh, "new line")} ↓` : "To the end ↓");
    this.#session.pause(!this.#list.sticky && this.#store.full && !this.#search.left);
  }

  #scrolled() {
    if (this.#list.atTop && !this.#list.sticky) this.#session.readOlder();
    this.#schedule();
  }

  #followNow() {
    if (this.#moment) {
      this.#moment = "";
      if (this.#shared) {
        const query = new URLSearchParams(location.search);
        query.delete("at");
        // The Blazor page must know the new address too. Otherwise its link to that time would lead nowhere.
        window.Blazor?.navigateTo(`${location.pathname}${query.size > 0 ? `?${query}` : ""}`, { replaceHistoryEntry: true });
      }
      this.#begin();
    } else this.#list.toEnd();
    this.#lines.focus({ preventScroll: true });
    this.#schedule();
  }

  #go(step) {
    if (this.#matches.length === 0) return;
    const from = this.#matches.indexOf(this.#current);
    // The first step goes to the match nearest above the end of the view, because logs are read from the end.
    const to = from < 0 ? (step > 0 ? this.#matches.length - 1 : 0) : (from + step + this.#matches.length) % this.#matches.length;
    const before = this.#current;
    this.#current = this.#matches[to];
    for (const line of [before, this.#current]) if (line) this.#list.redrawLine(line);
    this.#list.reveal(this.#current);
    this.#schedule();
  }

  #message = "";
  async #copy() {
    const selection = document.getSelection();
    const chosen = selection && !selection.isCollapsed && this.#lines.contains(selection.anchorNode) ? selection.toString() : "";
    const lines = this.#list.rows.filter(line => !line.kind);
    try {
      await navigator.clipboard.writeText(chosen || lines.map(line => line.plain).join("\n"));
      this.#message = chosen ? "Copied the selection" : `Copied ${count(lines.length, "line")}`;
    } catch {
      this.#message = "The browser does not allow copying. Select lines and press Ctrl+C, or use Download.";
    }
    this.#schedule();
    setTimeout(() => {
      this.#message = "";
      this.#schedule();
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
              End: () => this.#followNow(),
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
