// JSON set on lines of its own. The text is moved, not read and written again: a number of twenty digits stays what was printed.

/** True where a line may be opened to something longer. */
export const looksFoldable = text => /^\s*[{[]/.test(text) && /[}\]]\s*$/.test(text);

/** The text indented, or null where it is no JSON. */
export function indent(text) {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  let depth = 0;
  let out = "";
  const newLine = () => `\n${"  ".repeat(depth)}`;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g)) {
    if (token === "{" || token === "[") { depth++; out += token + newLine(); }
    else if (token === "}" || token === "]") {
      depth--;
      const opened = /[{[]\s*$/.test(out.slice(-2 * depth - 8));
      out = opened ? out.trimEnd() + token : out + newLine() + token;
    }
    else if (token === ",") out += token + newLine();
    else out += token === ":" ? ": " : token;
  }
  return out;
}
