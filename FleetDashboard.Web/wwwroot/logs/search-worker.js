// Finds in a thread of its own, since a regular expression may take for ever: the page waits a while and then ends the thread.
const mostHits = 50; // in one line: more marks than that mark nothing

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
