import { h } from "./dom.js";

// Turns the pieces of a line into elements. The sixteen named colours are classes, readable in both themes. True colours keep their hue,
// and the style sheet makes them lighter or darker (--fg). On its own background, unreadable text becomes black or white.

/** A piece of text with the search matches in it. `at` is its position in the line. */
export function paint({ text, style }, at, hits) {
  const parts = marked(text, at, hits);
  if (!Object.values(style).some(value => value !== false && value !== null)) return parts;
  const span = h("span", { class: classes(style) }, ...parts);
  color(span, style);
  return [span];
}

function marked(text, at, hits) {
  if (!hits) return [text];
  const parts = [];
  let from = 0;
  for (let i = 0; i < hits.length; i += 2) {
    const [start, end] = [Math.max(from, hits[i] - at), Math.min(text.length, hits[i + 1] - at)];
    if (end <= start) continue;
    parts.push(text.slice(from, start), h("mark", {}, text.slice(start, end)));
    from = end;
  }
  parts.push(text.slice(from));
  return parts.filter(part => part !== "");
}

const words = ["bold", "dim", "italic", "underline", "strike", "control"];

function classes(style) {
  return words.filter(word => style[word]).join(" ");
}

function color(span, style) {
  let [fg, bg] = [style.fg ?? null, style.bg ?? null];
  if (style.inverse) [fg, bg] = [bg ?? "page", fg ?? "text"];
  if (typeof bg === "number") span.classList.add(`on${bg}`);
  else if (bg === "text") span.classList.add("onText");
  else if (bg) span.style.backgroundColor = css(bg);
  if (bg === null) {
    if (typeof fg === "number") span.classList.add(`c${fg}`);
    else if (fg) {
      span.classList.add("true");
      span.style.setProperty("--fg", css(fg));
    }
  } else if (bg !== "text") span.style.color = readable(fg, bg);
}

const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

// The colours of xterm. Text on a named background colour is compared with these.
const named = [
  [0, 0, 0],
  [205, 49, 49],
  [13, 188, 121],
  [229, 229, 16],
  [36, 114, 200],
  [188, 63, 188],
  [17, 168, 205],
  [229, 229, 229],
  [102, 102, 102],
  [241, 76, 76],
  [35, 209, 139],
  [245, 245, 67],
  [59, 142, 234],
  [214, 112, 214],
  [41, 184, 219],
  [255, 255, 255],
];

function readable(fg, bg) {
  const ground = luminance(typeof bg === "number" ? named[bg] : bg);
  const wanted = Array.isArray(fg) ? fg : named[fg];
  if (wanted && contrast(luminance(wanted), ground) >= 4.5) return css(wanted);
  return contrast(0, ground) >= contrast(1, ground) ? "black" : "white";
}

const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

function luminance(rgb) {
  const [r, g, b] = rgb.map(value => value / 255).map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
