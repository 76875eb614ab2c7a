// <fleet-logs src="/logs/apps/billing" label="billing" containers='[{"name":"billing-web-1","service":"web"}]'>
// The log of a container or an app, streamed while the element is in the document. `shared` keeps the options in the page's address. `at`
// and `reason` show the lines up to the exit of a container instead of following. The other modules are loaded when the first log is
// opened.
const retryAfter = 2000;

class FleetLogs extends HTMLElement {
  static observedAttributes = ["src", "containers", "at", "reason"];

  #view = null;
  #opening = null;

  connectedCallback() { this.#open(); }

  disconnectedCallback() { this.#close(); }

  attributeChangedCallback(name, before, after) {
    if (!this.#view || before === after) return;
    if (name === "containers") this.#view.addContainers(this.#containers());
    else if (name === "reason") this.#view.reason = after ?? ""; // the attribute is set after "at"
    else if (name !== "at" || (after ?? "") !== this.#view.moment) {
      this.#close();
      this.#open();
    }
  }

  async #open() {
    const opening = this.#opening = {};
    try {
      const { View } = await import("./view.js");
      if (opening !== this.#opening) return;
      this.#view = new View({
        src: this.getAttribute("src"), label: this.getAttribute("label") ?? "", containers: this.#containers(),
        shared: this.hasAttribute("shared"), at: this.getAttribute("at") ?? "", reason: this.getAttribute("reason") ?? "",
      });
      this.replaceChildren(...this.#view.elements);
    } catch (error) {
      if (opening !== this.#opening) return;
      if (!(error instanceof TypeError)) throw error;
      this.textContent = "The log viewer could not be loaded. Retrying…";
      setTimeout(() => { if (opening === this.#opening) this.#open(); }, retryAfter);
    }
  }

  #close() {
    this.#opening = null;
    this.#view?.dispose();
    this.#view = null;
    this.replaceChildren();
  }

  #containers() { return JSON.parse(this.getAttribute("containers") ?? "[]"); }
}

customElements.define("fleet-logs", FleetLogs);
