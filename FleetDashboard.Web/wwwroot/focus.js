// Keeps the focus across a rerender. A browser drops the focus of an element that leaves the document, and the page removes elements in two
// cases: when it becomes interactive, and when a card moves to another position. The next key press would start at the top of the page.
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

/** Drops the focus on purpose, so that the next rerender does not restore it. */
export function leave(element) {
  last = null;
  element.blur();
}

new MutationObserver(() => {
  if (!last || (document.activeElement && document.activeElement !== document.body)) return;
  const again = last.isConnected ? last : last.id && document.getElementById(last.id);
  again?.focus?.({ preventScroll: true });
}).observe(document.body, { subtree: true, childList: true });
