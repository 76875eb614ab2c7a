// Indents JSON. The original text is kept instead of being parsed and written again, so that a number of twenty digits stays exact.

/** Whether a line may be JSON that can be expanded. */
export const looksFoldable = text => /^\s*[{[]/.test(text) && /[}\]]\s*$/.test(text);

/** The indented text, or null if it is not JSON. */
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
