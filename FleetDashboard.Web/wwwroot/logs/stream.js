// Reads one response of the server as it arrives. Nothing is read ahead of the consumer: a busy page slows the stream down, and with it the
// container's.
const slice = 12; // milliseconds of work before yielding to the browser

/** The server answered, but not with a log. */
export class Refusal extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** Events in chunks: arrays of `{ name, data }`. Ends with the response, and throws if the connection breaks. */
export async function* read(url, signal) {
  const response = await fetch(url, { signal, cache: "no-store", redirect: "manual", headers: { Accept: "text/event-stream" } });
  if (!response.ok) throw await refusal(response);
  const reader = response.body.getReader();
  const parser = new SseParser();
  const decoder = new TextDecoder();
  let since = performance.now();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield parser.feed(decoder.decode(value, { stream: true }));
      if (performance.now() - since > slice) {
        await turn();
        since = performance.now();
      }
    }
  } finally {
    reader.cancel().catch(() => {}); // the stream may already have failed
  }
}

/** Parses Server-Sent Events from chunks of text that may end anywhere. */
export class SseParser {
  #rest = "";
  #name = "";
  #data = [];

  feed(text) {
    const events = [];
    const all = this.#rest + text;
    let from = 0;
    for (let end; (end = all.indexOf("\n", from)) >= 0; from = end + 1) {
      const line = all.slice(from, all[end - 1] === "\r" ? end - 1 : end);
      if (line === "") this.#finish(events);
      else if (line.startsWith("data:")) this.#data.push(line.slice(line[5] === " " ? 6 : 5));
      else if (line.startsWith("event:")) this.#name = line.slice(6).trim();
    }
    this.#rest = all.slice(from);
    return events;
  }

  #finish(events) {
    if (this.#data.length > 0) {
      try {
        events.push({ name: this.#name, data: JSON.parse(this.#data.join("\n")) });
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error; // a malformed event is skipped, the stream continues
      }
    }
    this.#name = "";
    this.#data = [];
  }
}

async function refusal(response) {
  if (response.type === "opaqueredirect") return new Refusal(401, "");
  let sentence = `The server answers with status ${response.status}.`;
  try {
    sentence = (await response.json()).detail ?? sentence;
  } catch {
    /* no problem+json: show only the status */
  }
  return new Refusal(response.status, sentence);
}

// Yields in a task of its own. A timer in a hidden tab would be delayed by a second.
const turn = () =>
  new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
