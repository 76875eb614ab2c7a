import { View } from "./view.js";

// <fleet-logs src="/logs/apps/billing" label="billing" containers='[{"name":"billing-web-1","service":"web"}]'>
// The log of a container or an app. Reads while it is in the document. `shared` keeps the options in the page's address; `at` and `reason`
// begin at the end of a container that ended then, instead of following.
class FleetLogs extends HTMLElement {
  static observedAttributes = ["src", "containers", "at", "reason"];

  #view = null;

  connectedCallback() { this.#open(); }

  disconnectedCallback() { this.#close(); }

  attributeChangedCallback(name, before, after) {
    if (!this.#view || before === after) return;
    if (name === "containers") this.#view.know(this.#containers());
    else if (name === "reason") this.#view.reason = after ?? ""; // it comes after "at"
    else if (name !== "at" || (after ?? "") !== this.#view.moment) {
      this.#close();
      this.#open();
    }
  }

  #open() {
    this.#view = new View({
      src: this.getAttribute("src"), label: this.getAttribute("label") ?? "", containers: this.#containers(),
      shared: this.hasAttribute("shared"), at: this.getAttribute("at") ?? "", reason: this.getAttribute("reason") ?? "",
    });
    this.replaceChildren(...this.#view.elements);
  }

  #close() {
    this.#view?.dispose();
    this.#view = null;
    this.replaceChildren();
  }

  #containers() { return JSON.parse(this.getAttribute("containers") ?? "[]"); }
}

customElements.define("fleet-logs", FleetLogs);
