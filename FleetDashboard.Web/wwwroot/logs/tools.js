import { count, h, icon, setText } from "./dom.js";

// The controls above the lines. They display the options and report changes, and contain no logic.
const levels = [
  ["", "All levels"],
  ["debug", "Debug and up"],
  ["info", "Info and up"],
  ["warn", "Warnings and up"],
  ["error", "Errors"],
];
const streams = [
  ["", "All output"],
  ["stdout", "stdout"],
  ["stderr", "stderr"],
];
const sinces = [
  ["", "Last lines"],
  ["15m", "15 minutes"],
  ["1h", "1 hour"],
  ["today", "Today"],
  ["all", "All lines"],
];
const times = [
  ["local", "Local time"],
  ["utc", "UTC"],
  ["hidden", "No times"],
];

export class Tools {
  #change;
  #selects = {};
  #toggles = {};
  #names = new Map();

  /** `change(part)` is called with changed options, `go(step)` moves to the next or previous match, `copy()` copies. */
  constructor({ change, go, copy }) {
    this.#change = change;
    this.input = h("input", {
      type: "search",
      "aria-label": "Search these lines",
      placeholder: "Search these lines",
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => this.#later({ text: this.input.value }),
      onkeydown: event => {
        if (event.key !== "Enter" || event.isComposing) return;
        event.preventDefault();
        this.#now();
        go(event.shiftKey ? -1 : 1);
      },
    });
    this.found = h("span", { class: "found", role: "status" });
    this.download = h("a", { class: "btn framed", download: true }, "Download");
    this.who = h("div", { class: "names", role: "group", "aria-label": "Containers" });
    const step = (label, by) =>
      h(
        "button",
        {
          type: "button",
          class: "step",
          "aria-label": label,
          title: label,
          onclick: () => {
            this.#now();
            go(by);
          },
        },
        by > 0 ? "↓" : "↑",
      );
    this.element = h(
      "div",
      { class: "tools" },
      h(
        "div",
        { class: "find" },
        h("div", { class: "box" }, icon("search", 15), this.input, this.found),
        step("Previous match", -1),
        step("Next match", 1),
        this.#toggle("cased", "Aa", "Match case"),
        this.#toggle("regex", ".*", "Regular expression"),
        this.#toggle("only", "Only", "Only matching lines"),
      ),
      h(
        "div",
        { class: "choices" },
        this.#select("level", "Level", levels),
        this.#select("stream", "Output", streams),
        this.#select("since", "Since", sinces),
        this.#select("time", "Times", times),
        this.#toggle("wrap", "Wrap", "Wrap long lines"),
        h("button", { type: "button", class: "btn framed", onclick: copy }, "Copy"),
        this.download,
      ),
      this.who,
    );
  }

  /** Displays the current options. */
  show(options) {
    if (document.activeElement !== this.input) this.input.value = options.text;
    for (const [name, select] of Object.entries(this.#selects)) select.value = options[name];
    for (const [name, toggle] of Object.entries(this.#toggles)) toggle.setAttribute("aria-pressed", String(options[name]));
    for (const [name, chip] of this.#names) chip.setAttribute("aria-pressed", String(!options.hidden.includes(name)));
  }

  /** A switch for each container, if there are several. */
  showNames(names, options) {
    this.#names.clear();
    this.who.replaceChildren();
    if (names.size > 1) {
      for (const [name, { label, color }] of names) {
        const chip = h("button", { type: "button", class: `chip w${color}`, title: name, onclick: () => this.#flip(name) }, h("i"), label);
        this.#names.set(name, chip);
        this.who.append(chip);
      }
    }
    this.show(options);
  }

  /** How many lines match, and which match is selected. */
  showFound({ active, error, left }, index, total) {
    this.input.toggleAttribute("aria-invalid", error !== "");
    if (error !== "") setText(this.found, "");
    else if (!active) setText(this.found, "");
    else if (total === 0) setText(this.found, left > 0 ? "searching…" : "none");
    else
      setText(
        this.found,
        `${index < 0 ? "" : `${(index + 1).toLocaleString("en")} of `}${total.toLocaleString("en")}${left > 0 ? "…" : ""}`,
      );
    this.found.title = active && total > 0 ? `${count(total, "line matches", "lines match")}` : "";
  }

  dispose() {
    clearTimeout(this.#timer);
  }

  #flip(name) {
    const chip = this.#names.get(name);
    chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
    this.#change({ hidden: [...this.#names].filter(([, one]) => one.getAttribute("aria-pressed") !== "true").map(([one]) => one) });
  }

  // A search starts when typing pauses, or at once on Enter.
  #timer = 0;
  #pending = null;

  #later(part) {
    clearTimeout(this.#timer);
    this.#pending = part;
    this.#timer = setTimeout(() => this.#now(), 150);
  }

  #now() {
    clearTimeout(this.#timer);
    const part = this.#pending;
    this.#pending = null;
    if (part) this.#change(part);
  }

  #toggle(name, text, label) {
    const button = h(
      "button",
      {
        type: "button",
        class: "toggle",
        "aria-label": text === label ? null : label,
        title: label,
        "aria-pressed": "false",
        onclick: () => this.#change({ [name]: button.getAttribute("aria-pressed") !== "true" }),
      },
      text,
    );
    return (this.#toggles[name] = button);
  }

  #select(name, label, choices) {
    const select = h(
      "select",
      { "aria-label": label, title: label, onchange: () => this.#change({ [name]: select.value }) },
      ...choices.map(([value, text]) => h("option", { value }, text)),
    );
    return (this.#selects[name] = select);
  }
}
