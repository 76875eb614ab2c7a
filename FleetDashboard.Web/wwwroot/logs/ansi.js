// Parses a line as a terminal would, into pieces of text with a style. Colours and weights (SGR) are kept. Every other escape sequence is
// dropped with its content: titles, links, cursor moves, device control. Other control characters become visible. A style ends with its
// line, because lines of two streams and several containers are mixed here and some may be filtered out.
const controls = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/;
const plainStyle = Object.freeze({});

// In this order: SGR and other CSI sequences; strings that end with BEL or ST, or with the line; any other escape sequence; complete
// sequences that start with an 8-bit control; that control alone; other control characters. In practice an 8-bit control is usually half of
// a quotation mark that was decoded twice. What follows it is kept, unless it is a complete sequence. Each pattern has a length limit.
// LogText.cs has the same patterns.
const tokens = new RegExp(
  [
    /\x1b\[([0-?]{0,64})[ -/]{0,8}([@-~])?/,
    /\x1b[\]PX^_](?:[^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c|$|(?=\x1b)))?/,
    /\x1b[ -/]{0,8}[0-~]?/,
    /\x9b([0-9;:]{0,64})(m)/,
    /\x9b(?:\?[0-9;]{1,64}[hl]|[0-9;]{1,64}[A-HJKf])/,
    /\x9d\d{1,4};[^\x07\x1b\x9c]{0,1024}(?:\x07|\x9c)/,
    /[\x80-\x9f]/,
    /[\x00-\x08\x0a-\x1f\x7f]/,
  ]
    .map(one => one.source)
    .join("|"),
  "g",
);
const colours = /(?:\x1b\[|\x9b)[0-9;:]{0,64}m/g;

/** The pieces of a line in order: `{ text, style }`. A style has bold, dim, italic, underline, inverse, strike, and fg and bg (0 to 15, or
   [r, g, b]). */
export function parse(line) {
  const text = settled(line);
  if (!controls.test(text)) return text === "" ? [] : [{ text, style: plainStyle }];
  const pieces = [];
  let style = plainStyle;
  let from = 0;
  const push = (text, style) => {
    if (text !== "") pieces.push({ text, style });
  };
  for (const token of text.matchAll(tokens)) {
    push(text.slice(from, token.index), style);
    from = token.index + token[0].length;
    const code = token[0].charCodeAt(0);
    if ((token[2] ?? token[4]) === "m" && /^[\d;:]*$/.test(token[1] ?? token[3])) style = sgr(style, token[1] ?? token[3]);
    else if (token[0].length === 1 && code !== 0x1b && code < 0x80)
      push(code === 0x7f ? "\u2421" : String.fromCharCode(0x2400 + code), { ...style, control: true });
  }
  push(text.slice(from), style);
  return pieces;
}

/** The text of a line as displayed. Search, copy and level detection use it. */
export function plain(line) {
  return controls.test(line)
    ? parse(line)
        .map(piece => piece.text)
        .join("")
    : line;
}

// The final state of a line that overwrites itself, such as a progress bar: the last state that shows any text, in the colours set before
// it. A carriage return at the end is a Windows line end, and only an escape sequence may follow it.
function settled(line) {
  if (!/[\r\b]/.test(line)) return line;
  const states = line.split("\r");
  let last = states.length - 1;
  while (last > 0 && !/[^ \t]/.test(states[last].replace(tokens, ""))) last--;
  return (states.slice(0, last).join("").match(colours) ?? []).join("") + overtyped(states[last]);
}

// A backspace after a character lets the next character replace it. Escape sequences take up no column.
function overtyped(text) {
  if (!text.includes("\b")) return text;
  const cells = [];
  let cursor = 0;
  let escapes = "";
  const put = (character, printed) => {
    cells[cursor] = {
      text: (cells[cursor]?.escapes ?? "") + escapes + character,
      escapes: (cells[cursor]?.escapes ?? "") + escapes,
      printed,
    };
    escapes = "";
    cursor++;
  };
  let from = 0;
  for (const token of [...text.matchAll(tokens), null]) {
    for (const character of text.slice(from, token?.index)) put(character, true);
    if (token === null) break;
    from = token.index + token[0].length;
    if (token[0].length > 1 || token[0] === "\x1b" || token[0] >= "\x80") escapes += token[0];
    else if (token[0] === "\b" && cursor > 0 && cells[cursor - 1].printed) cursor--;
    else put(token[0], false);
  }
  return cells.map(cell => cell.text).join("") + escapes;
}

const set = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: null },
  49: { bg: null },
};

function sgr(style, parameters) {
  // "38:2::r:g:b" means "38;2;r;g;b", except for the empty colour space. "4:3" is another kind of underline, and "4:0" means no underline.
  const codes = parameters
    .replace(/([34]8):2:\d*:(\d+:\d+:\d+)/g, "$1:2:$2")
    .replace(/(^|;)4:0/g, "$124")
    .replace(/(^|;)4:\d/g, "$14")
    .split(/[;:]/)
    .map(Number);
  let next = style;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) next = plainStyle;
    else if (code in set) next = { ...next, ...set[code] };
    else if (code >= 30 && code <= 37) next = { ...next, fg: code - 30 };
    else if (code >= 40 && code <= 47) next = { ...next, bg: code - 40 };
    else if (code >= 90 && code <= 97) next = { ...next, fg: code - 82 };
    else if (code >= 100 && code <= 107) next = { ...next, bg: code - 92 };
    else if (code === 38 || code === 48) {
      const [color, used] = extended(codes, i + 1);
      if (color !== null) next = { ...next, [code === 38 ? "fg" : "bg"]: color };
      i += used;
    }
  }
  return next;
}

// The colour after 38 or 48, and how many numbers it consumed.
function extended(codes, at) {
  if (codes[at] === 5) return [indexed(codes[at + 1]), 2];
  if (codes[at] !== 2) return [null, codes.length];
  const rgb = codes.slice(at + 1, at + 4);
  return [rgb.length === 3 && rgb.every(value => value >= 0 && value <= 255) ? rgb : null, 4];
}

// 16 named colours, a 6 x 6 x 6 cube, 24 greys.
function indexed(n) {
  if (!(n >= 0 && n <= 255)) return null;
  if (n < 16) return n;
  if (n >= 232) return Array(3).fill(8 + (n - 232) * 10);
  return [36, 6, 1].map(step => Math.floor((n - 16) / step) % 6).map(level => (level === 0 ? 0 : 55 + level * 40));
}
