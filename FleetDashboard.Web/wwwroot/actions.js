// Dialogs and menus of the actions. The browser itself handles opening, Esc and clicks outside.

// A dialog that is open while it is in the document. The element that had the focus before gets it back, even if the server removes the
// dialog.
class FleetModal extends HTMLElement {
  connectedCallback() {
    this.before = document.activeElement;
    queueMicrotask(() => {
      const dialog = this.querySelector("dialog");
      if (dialog && !dialog.open) dialog.showModal();
    });
  }

  disconnectedCallback() {
    if (document.activeElement === document.body && this.before?.isConnected) this.before.focus({ preventScroll: true });
  }
}
customElements.define("fleet-modal", FleetModal);

// A menu opens below its button, or above it if there is no space below, and never beyond the window's edge.
function place(menu) {
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (!button) return;
  const [at, size, gap] = [button.getBoundingClientRect(), menu.getBoundingClientRect(), 6];
  const below = at.bottom + gap + size.height <= innerHeight || at.top < size.height + gap;
  menu.style.top = `${Math.max(gap, below ? Math.min(at.bottom + gap, innerHeight - size.height - gap) : at.top - gap - size.height)}px`;
  menu.style.left = `${Math.max(gap, Math.min(at.right - size.width, innerWidth - size.width - gap))}px`;
}

document.addEventListener("toggle", event => {
  if (event.newState === "open" && event.target.matches?.("[data-menu]")) place(event.target);
}, true);
// The menu moves with its button.
const follow = () => {
  const menu = document.querySelector("[data-menu]:popover-open");
  if (menu) place(menu);
};
addEventListener("scroll", follow, { capture: true, passive: true });
addEventListener("resize", follow);
