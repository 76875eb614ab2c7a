// How a log stands, in words.

/** Below the lines. `moment` is set where one looks at an end in the past. */
export const states = {
  connecting: () => "Opening…",
  live: (_, moment) => moment ? "Reading…" : "Live",
  lost: text => `${text || "The stream broke off."} Connecting again…`,
  ended: (text, moment) => moment ? "These are the lines up to that moment" : text || "The log has ended",
  refused: text => text,
  gone: text => text || "This container is gone, and its log with it.",
  "signed-out": () => "You are signed out. Load the page again to sign in.",
};

/** Where no line is. */
export const empty = { connecting: "Opening…", live: "Nothing printed yet.", ended: "Nothing printed.", lost: "Nothing read yet." };
