// Times that count up, and keyboard shortcuts. Works only on the document, without requests to the server.
import { leave } from "./focus.js";

// "n s ago". The server sends the age of the state in seconds and the id of the state. Time since then is measured, not read
// from the clock, so that a wrong clock cannot show a wrong age. An age above `late` seconds is highlighted.
class FleetAge extends HTMLElement {
  static observedAttributes = ["age", "mark"];

  connectedCallback() {
    this.text = (this.shadowRoot ?? this.attachShadow({ mode: "open" })).appendChild(document.createTextNode(""));
    this.timer = setInterval(() => this.show(), 1000);
    this.restart();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  attributeChangedCallback() {
    if (this.text) this.restart();
  }

  restart() {
    this.base = Number(this.getAttribute("age")) || 0;
    this.from = performance.now();
    this.show();
  }

  show() {
    const age = this.base + (performance.now() - this.from) / 1000;
    const text = age < 60 ? `${Math.floor(age)} s ago` : age < 3600 ? `${Math.floor(age / 60)} min ago` : `${Math.floor(age / 3600)} h ago`;
    if (this.text.data !== text) this.text.data = text;
    this.toggleAttribute("data-late", age > (Number(this.getAttribute("late")) || Infinity));
  }
}

// A time in the viewer's time zone, with its date unless that is today.
class FleetTime extends HTMLElement {
  static observedAttributes = ["at"];

  connectedCallback() {
    this.text = (this.shadowRoot ?? this.attachShadow({ mode: "open" })).appendChild(document.createTextNode(""));
    this.show();
  }

  attributeChangedCallback() {
    if (this.text) this.show();
  }

  show() {
    const at = new Date(this.getAttribute("at"));
    const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(n => String(n).padStart(2, "0")).join(":");
    const today = at.toDateString() === new Date().toDateString();
    this.text.data = today ? time : `${time} on ${at.toLocaleDateString(undefined, { day: "numeric", month: "short" })}`;
    this.title = at.toISOString();
  }
}

customElements.define("fleet-age", FleetAge);
customElements.define("fleet-time", FleetTime);

const search = () => document.getElementById("search");
const help = () => document.getElementById("help");
const isField = element => element?.matches?.("input, textarea, select, [contenteditable]");
const cardOf = element => element?.closest?.("[data-card]");

function move(step) {
  const cards = [...document.querySelectorAll("[data-card]")];
  const here = cards.indexOf(cardOf(document.activeElement));
  const next = here < 0 ? cards[step > 0 ? 0 : cards.length - 1] : cards[here + step];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

function escape() {
  const box = search();
  if (box && document.activeElement === box) {
    if (box.value) {
      box.value = "";
      box.dispatchEvent(new Event("input", { bubbles: true }));
    } else {
      leave(box);
    }
    return;
  }
  const open = document.querySelector("[data-card] :is([data-open], [data-logs])[aria-expanded=true]");
  if (open) {
    open.click();
    cardOf(open).focus({ preventScroll: true });
  } else if (box?.value) {
    box.value = "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// The page is rendered again when it becomes interactive. Text typed into the search before that is restored.
function keepEarlyTyping() {
  const isLive = () => document.querySelector(".shell[data-interactive]");
  if (isLive() || !search()) return;
  let typed = null;
  const note = event => {
    if (event.target === search()) typed = event.target.value;
  };
  document.addEventListener("input", note);
  new MutationObserver((_, observer) => {
    if (!isLive()) return;
    observer.disconnect();
    document.removeEventListener("input", note);
    const box = search();
    if (typed === null || !box || box.value === typed) return;
    box.value = typed;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-interactive"] });
}
keepEarlyTyping();

const keys = {
  "/": () => search()?.focus(),
  "?": () => help()?.showModal(),
  j: () => move(1),
  k: () => move(-1),
  l: () => (cardOf(document.activeElement) ?? document.querySelector("main:not(:has([data-card]))"))?.querySelector("[data-logs]")?.click(),
  o: () => cardOf(document.activeElement)?.querySelector("[data-open]").click(),
  // If nothing can be restarted, the menu opens and shows why.
  r: () => {
    const place = cardOf(document.activeElement) ?? document.querySelector("main [data-actions-of]");
    (place?.querySelector("[data-act=restart]") ?? place?.querySelector("[data-actions]"))?.click();
  },
};

// "g" followed by a page's letter, within one second.
let going = 0;
function go(event) {
  const waited = event.timeStamp - going;
  going = event.key === "g" ? event.timeStamp : 0;
  const link = going === 0 && waited < 1000 && document.querySelector(`nav [data-go="${CSS.escape(event.key)}"]`);
  if (!link) return event.key === "g";
  event.preventDefault();
  link.click();
  return true;
}

document.addEventListener("keydown", event => {
  if (
    event.ctrlKey ||
    event.altKey ||
    event.metaKey ||
    event.isComposing ||
    event.defaultPrevented ||
    document.querySelector("dialog[open]")
  )
    return;
  if (event.key === "Escape") {
    if (!document.querySelector(":popover-open")) escape();
    return;
  }
  if (isField(event.target)) return;
  if (go(event)) return;
  const act = event.key === "Enter" && event.target.matches?.("[data-card]") ? keys.o : keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", event => {
  if (!event.target.closest?.("[data-help]")) return;
  document.querySelector(":popover-open")?.hidePopover();
  help()?.showModal();
});
