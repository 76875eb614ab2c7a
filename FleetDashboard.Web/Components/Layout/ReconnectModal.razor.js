// The server is out of reach: say so, grey the page and its tab, and try until it is back.
const modal = document.getElementById("components-reconnect-modal");
const root = document.documentElement;
const retryAfter = 2000;
let icon, title;

function lost() {
  if (root.dataset.connection === "lost") return;
  root.dataset.connection = "lost";
  modal.querySelector("[data-since]").textContent = ` at ${new Date().toLocaleTimeString()}`;
  const link = document.querySelector("link[rel=icon]");
  [icon, title] = [link?.getAttribute("href"), document.title];
  link?.setAttribute("href", "icon-grey.svg");
  document.title = "Not connected · Fleet";
}

// An error has ended this page's circuit for good: the framework shows its element for that, which is how it can be known.
new MutationObserver(() => {
  root.toggleAttribute("data-failed", true);
  lost();
}).observe(document.getElementById("blazor-error-ui"), { attributeFilter: ["style"] });

function found() {
  delete root.dataset.connection;
  const link = document.querySelector("link[rel=icon]");
  if (link?.getAttribute("href") === "icon-grey.svg" && icon) link.setAttribute("href", icon);
  if (document.title === "Not connected · Fleet" && title) document.title = title;
}

// After its own attempts the framework gives up; the page does not.
async function persist() {
  try {
    if (await Blazor.reconnect()) return;
    location.reload();
  } catch {
    setTimeout(persist, retryAfter);
  }
}

modal.addEventListener("components-reconnect-state-changed", ({ detail: { state } }) => {
  if (state === "hide") found();
  else if (state === "rejected") location.reload();
  else lost();
  if (state === "failed") persist();
});
