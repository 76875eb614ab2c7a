// Searches in a thread of its own, because a regular expression may run forever. The page stops the thread after a timeout.
const mostHits = 50; // per line; more highlights would not help

let expression = null;

onmessage = ({ data: { source, flags, texts, run } }) => {
  if (source !== undefined) {
    expression = new RegExp(source, flags);
    return;
  }
  const found = [];
  texts.forEach((text, i) => {
    const hits = [];
    for (const match of text.matchAll(expression)) {
      if (match[0] !== "") hits.push(match.index, match.index + match[0].length);
      if (hits.length >= 2 * mostHits) break;
    }
    if (hits.length > 0) found.push([i, hits]);
  });
  postMessage({ run, found });
};
