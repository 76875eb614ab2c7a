// The crosshair of the charts: time and value under the pointer, or at the position reached with the arrow keys. Values are read from the
// drawn paths, without a request to the server. All charts of a page move together, because a cause in one often shows its effect in
// another.
const charts = () => [...document.querySelectorAll("[data-chart]")];

// The values of a line, by x. TracePath writes the format: runs of "M x y l dx dy dx dy ...".
const read = new WeakMap();
function valuesOf(path) {
  const d = path.getAttribute("d") ?? "";
  const known = read.get(path);
  if (known?.d === d) return known.values;
  const box = path.ownerSVGElement.viewBox.baseVal;
  const values = new Map();
  for (const [, x0, y0, steps] of d.matchAll(/M(\d+) (\d+)l([^M]*)/g)) {
    let [x, y] = [Number(x0), Number(y0)];
    values.set(x, 1 - y / box.height);
    const deltas = steps.match(/-?\d+/g) ?? [];
    for (let i = 0; i + 1 < deltas.length; i += 2) {
      x += Number(deltas[i]);
      y += Number(deltas[i + 1]);
      values.set(x, 1 - y / box.height);
    }
  }
  read.set(path, { d, values });
  return values;
}

const units = ["B", "KiB", "MiB", "GiB", "TiB"];
function bytes(value) {
  let unit = 0;
  while (Math.round(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(unit === 0 || value >= 99.95 ? 0 : 1)} ${units[unit]}`;
}
const write = { cores: value => `${value.toFixed(value < 0.1 ? 3 : 2)} cores`, bytes, rate: value => `${bytes(value)}/s` };

function words(chart, step) {
  const { unit, ceiling, from, step: seconds, steps } = chart.dataset;
  const at = new Date(Number(from) + step * Number(seconds) * 1000);
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(n => String(n).padStart(2, "0")).join(":");
  const values = [...chart.querySelectorAll("path[data-trace]")].map(path => {
    const width = path.ownerSVGElement.viewBox.baseVal.width;
    const value = valuesOf(path).get(step * Math.floor(width / (Number(steps) - 1)));
    const text = value === undefined ? "no value" : write[unit](value * Number(ceiling));
    return path.dataset.trace ? `${path.dataset.trace} ${text}` : text;
  });
  return `${time}  ${values.join(", ")}`;
}

let shown = null;
function show(step) {
  shown = step;
  for (const chart of charts()) {
    const cursor = chart.querySelector("[data-cursor]");
    cursor.toggleAttribute("data-on", step !== null);
    if (step === null) continue;
    const last = Number(chart.dataset.steps) - 1;
    const here = Math.max(0, Math.min(last, step));
    const text = words(chart, here);
    const x = (here / last) * chart.clientWidth;
    const [line, label] = [cursor.querySelector("i"), cursor.querySelector("output")];
    line.style.left = `${x}px`;
    if (label.textContent !== text) label.textContent = text;
    const room = label.offsetWidth + 10;
    label.style.left = `${Math.max(0, Math.min(chart.clientWidth - room + 10, x + room > chart.clientWidth ? x - room : x + 8))}px`;
    chart.setAttribute("aria-valuenow", here);
    chart.setAttribute("aria-valuetext", text);
  }
}

document.addEventListener("pointermove", event => {
  const chart = event.target.closest?.("[data-chart]");
  if (!chart) {
    if (shown !== null && !document.activeElement?.closest?.("[data-chart]")) show(null);
    return;
  }
  const box = chart.getBoundingClientRect();
  show(Math.round(((event.clientX - box.left) / box.width) * (Number(chart.dataset.steps) - 1)));
});

document.addEventListener("keydown", event => {
  const chart = event.target.closest?.("[data-chart]");
  if (!chart || event.ctrlKey || event.altKey || event.metaKey) return;
  const last = Number(chart.dataset.steps) - 1;
  const here = shown ?? last;
  const to = {
    ArrowLeft: here - 1,
    ArrowDown: here - 1,
    ArrowRight: here + 1,
    ArrowUp: here + 1,
    PageUp: here + 30,
    PageDown: here - 30,
    Home: 0,
    End: last,
    Escape: null,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  show(to === null ? null : Math.max(0, Math.min(last, to)));
});

document.addEventListener("focusin", event => {
  if (event.target.closest?.("[data-chart]")) show(shown ?? Number(event.target.dataset.steps) - 1);
});
document.addEventListener("focusout", event => {
  if (event.target.closest?.("[data-chart]") && !event.relatedTarget?.closest?.("[data-chart]")) show(null);
});

// The values have changed: read the displayed one again.
new MutationObserver(() => {
  if (shown !== null) show(shown);
}).observe(document.body, { subtree: true, attributeFilter: ["data-from"] });
