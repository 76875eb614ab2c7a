import { parse } from "./ansi.js";
import { h } from "./dom.js";
import { indent, looksFoldable } from "./json.js";
import { paint } from "./paint.js";
import { clock } from "./time.js";

const longest = 1200; // characters of a line that are shown before it is expanded

/** A line as a row. `view` provides `time`, `names` (of containers, with their colours), `current` and `fold(line)`, which expands or
   collapses a line. */
export function draw(line, view) {
  const head = [time(line, view.time), who(line, view)];
  const current = line === view.current;
  const row = h(
    "div",
    {
      class: `line${line.kind ? " event" : ""}${current ? " current" : ""}`,
      "data-kind": line.kind || null,
      "data-level": line.kind ? null : line.level || null,
      "data-stream": line.stream || null,
      "aria-current": current && "true",
    },
    ...head,
  );
  if (line.kind) {
    row.append(h("span", { class: "text" }, ...paint({ text: line.plain || line.kind, style: {} }, 0, line.hits)));
    return row;
  }
  const text = line.plain;
  const foldable = looksFoldable(text);
  const json = line.open && foldable ? indent(text) : null;
  const cell = h("span", { class: "text" });
  if (foldable) cell.append(toggle(line, view, line.open ? "Collapse this line" : "Expand this line"));
  if (json !== null) cell.append(h("pre", {}, ...paint({ text: json, style: {} }, 0, null)));
  else cell.append(...pieces(line, !line.open && text.length > longest ? longest : text.length));
  if (!line.open && text.length > longest && !foldable)
    cell.append(
      h(
        "button",
        { type: "button", class: "more", onclick: () => view.fold(line) },
        `and ${(text.length - longest).toLocaleString("en")} more characters`,
      ),
    );
  else if (!line.open && text.length > longest) cell.append(h("span", { class: "cut" }, "…"));
  if (line.cut) cell.append(h("span", { class: "cut" }, ` [the beginning of a line of ${line.cut.toLocaleString("en")} bytes]`));
  row.append(cell);
  return row;
}

function pieces(line, room) {
  const parts = [];
  let at = 0;
  for (const piece of parse(line.text)) {
    if (at >= room) break;
    const text = piece.text.slice(0, room - at);
    parts.push(...paint({ text, style: piece.style }, at, line.hits));
    at += text.length;
  }
  return parts;
}

const toggle = (line, view, label) =>
  h("button", { type: "button", class: "fold", "aria-expanded": String(line.open), "aria-label": label, onclick: () => view.fold(line) });

function time(line, mode) {
  return mode === "hidden" || !line.at ? null : h("time", { title: line.at }, clock(line.at, mode));
}

function who(line, { names }) {
  if (names.size < 2 && !line.kind) return null;
  const known = names.get(line.container);
  return h("span", { class: `who w${known?.color ?? 0}`, title: line.container }, known?.label ?? line.container);
}
