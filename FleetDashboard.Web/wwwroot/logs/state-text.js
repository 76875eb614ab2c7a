// The states of a log, as text.

/** The text below the lines. `moment` is set if the view shows the exit of a container in the past. */
export const states = {
  connecting: () => "Opening…",
  live: (_, moment) => moment ? "Reading…" : "Live",
  lost: text => `${text || "The connection was lost."} Reconnecting…`,
  ended: (text, moment) => moment ? "Showing the lines up to that time" : text || "The log has ended.",
  refused: text => text,
  gone: text => text || "This container was removed, and its log with it.",
  "signed-out": () => "You are signed out. Reload the page to sign in.",
};

/** The text shown if there are no lines. */
export const empty = { connecting: "Opening…", live: "Nothing printed yet.", ended: "Nothing printed.", lost: "Nothing read yet." };
