// Runs before the first paint, so that nothing flashes: applies the theme chosen here last time, or the system's.
(() => {
  const root = document.documentElement;
  const apply = choice => {
    if (choice === "light" || choice === "dark") root.dataset.choice = choice;
    else delete root.dataset.choice;
  };
  try { apply(localStorage.getItem("fleet-theme")); } catch { /* storage is closed to us: the system's theme it is */ }
  document.addEventListener("click", event => {
    const choice = event.target.closest?.("[data-theme-choice]")?.dataset.themeChoice;
    if (!choice) return;
    apply(choice);
    try { localStorage.setItem("fleet-theme", choice); } catch { /* holds for this page only */ }
  });
})();
