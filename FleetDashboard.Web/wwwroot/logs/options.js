// The viewer's options, and their form in an address so that a view can be shared. The address holds only values that differ from the
// defaults.
export const defaults = Object.freeze({
  text: "",
  regex: false,
  cased: false,
  only: false,
  level: "",
  hidden: Object.freeze([]),
  wrap: true,
  time: "local",
  stream: "",
  since: "",
});

const flags = { regex: "regex", cased: "case", only: "only" };
const choices = {
  level: ["debug", "info", "warn", "error"],
  time: ["utc", "hidden"],
  stream: ["stdout", "stderr"],
  since: ["15m", "1h", "today", "all"],
};

export function fromQuery(search) {
  const query = new URLSearchParams(search);
  const options = {
    ...defaults,
    text: query.get("find") ?? "",
    wrap: query.get("wrap") !== "0",
    hidden: query.get("hide")?.split(",").filter(Boolean) ?? [],
  };
  for (const [option, name] of Object.entries(flags)) options[option] = query.get(name) === "1";
  for (const [option, known] of Object.entries(choices)) if (known.includes(query.get(option))) options[option] = query.get(option);
  return options;
}

/** The query of an address, with these options replacing the ones in it. */
export function toQuery(options, search) {
  const query = new URLSearchParams(search);
  const put = (name, value) => (value ? query.set(name, value) : query.delete(name));
  put("find", options.text);
  put("wrap", options.wrap ? "" : "0");
  put("hide", options.hidden.join(","));
  for (const [option, name] of Object.entries(flags)) put(name, options[option] ? "1" : "");
  for (const option of Object.keys(choices)) put(option, options[option] === defaults[option] ? "" : options[option]);
  return query.size > 0 ? `?${query}` : "";
}

const much = 100_000;

/** The stream parameters for these options. */
export function requestFor({ stream, since }) {
  const base = { follow: true, stream };
  switch (since) {
    case "":
      return base;
    case "all":
      return { ...base, tail: much };
    case "today":
      return { ...base, tail: much, since: new Date(new Date().setHours(0, 0, 0, 0)).toISOString() };
    // A time, not a duration: when the stream has to be opened again, the start must be the same.
    default:
      return { ...base, tail: much, since: new Date(Date.now() - { "15m": 15, "1h": 60 }[since] * 60_000).toISOString() };
  }
}
