// The server cannot be reached: show a message, grey the page and its title, and retry until it answers.
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

// An error has ended this page's circuit for good. The only sign of it is that Blazor shows its error element.
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

// Blazor stops after its own attempts. The page keeps trying.
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
