// The focus survives a redraw. A browser drops the focus of an element that leaves the document, and the page takes elements out in two
// cases: it is drawn again when it becomes live, and a card that changes its place is taken out and put back. A key pressed next would
// start at the top.
let last = null;

document.addEventListener("focusin", event => {
  last = event.target;
});
document.addEventListener(
  "pointerdown",
  event => {
    if (!last?.contains(event.target)) last = null;
  },
  true,
);

/** Gives up the focus on purpose, so that the next redraw does not bring it back. */
export function leave(element) {
  last = null;
  element.blur();
}

new MutationObserver(() => {
  if (!last || (document.activeElement && document.activeElement !== document.body)) return;
  const again = last.isConnected ? last : last.id && document.getElementById(last.id);
  again?.focus?.({ preventScroll: true });
}).observe(document.body, { subtree: true, childList: true });
