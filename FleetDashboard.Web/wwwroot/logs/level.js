// Detects the level of a line, from JSON, logfmt, syslog, glog and the usual plain-text formats. A line without a level does not inherit
// the level of the previous line, which may come from another container.

/** From lowest to highest severity. */
export const levels = ["trace", "debug", "info", "warn", "error", "fatal"];

const names = new Map(
  Object.entries({
    trace: "trace verbose silly finest finer trc trce vrb vrbs t",
    debug: "debug dbg dbug fine d",
    info: "info information informational notice log inf i n",
    warn: "warn warning wrn w",
    error: "error err fail failure severe e",
    fatal: "fatal critical crit panic alert emerg emergency ftl pnc dpanic f c",
  }).flatMap(([level, names]) => names.split(" ").map(name => [name, level])),
);

// Only the start of a line is examined: the level is at its front, and in JSON before the stack trace.
const look = 2000;
const front = 160;

const keys = new Set([
  "level",
  "severity",
  "lvl",
  "loglevel",
  "log_level",
  "log.level",
  "levelname",
  "level_name",
  "severitytext",
  "severity_text",
  "@l",
  "s",
]);
const pieces = /"((?:[^"\\]|\\.)*)"|[{}[\]:,]|[^\s"{}[\]:,]+/g;
// A logfmt pair, or quoted text, which contains no pairs.
const pairs = /(?<![^\s,[{(])([\w.@-]+)=("(?:[^"\\]|\\.)*"|[^\s,"]*)|"(?:[^"\\]|\\.)*"/g;
const glog = /^([IWEF])\d{4} \d\d:\d\d:\d\d/;
const syslog = /^<(\d{1,3})>/;
const redis = /^\d+:[A-Z] \d\d \w{3} \d{4} [\d:.]+ ([.\-*#])/;
const bracket = /[[<](trace|debug|dbg|info|notice|warn|warning|error|err|fatal|crit|critical|alert|emerg|panic)[\]>]/i;
// Ignore quoted text, addresses and paths, and everything after the request of an access log: they do not describe the line itself.
const quoted = /"[^"]*"|`[^`]*`|(?<![^\s(=[])'[^']*'(?![^\s,.;:)\]])|\S*\/\S*|\S+\?\S+=\S*/g;
const request = /(?:^|[\s"])(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE)\s+["']?(?:\/|\w+:\/\/|\*)/;
// In capitals anywhere near the start. In lower case only as a label: "error: ...", "fail: ...".
const levelNames =
  "TRACE|TRC|VERBOSE|DEBUG|DBG|INFO|INF|NOTICE|WARN|WARNING|WRN|ERROR|ERR|SEVERE|FATAL|FTL|CRITICAL|CRIT|PANIC|ALERT|EMERG";
const levelName = new RegExp(`(?:^|[\\s|:;,/\\]"])(${levelNames})(?=$|[\\s:|,;/[\\]"-])`);
const label = /(?:^|\s)(trce|trace|dbug|debug|info|notice|warn|warning|fail|error|crit|fatal|panic):/i;

/** One of `levels`, or "". Expects the plain text of a line. */
export function levelOf(text) {
  const head = text.length > look ? text.slice(0, look) : text;
  if (/^\s*\{/.test(head)) return ofJson(head);
  const start = head.slice(0, front);
  let found;
  if ((found = glog.exec(start))) return names.get(found[1].toLowerCase());
  if ((found = syslog.exec(start)) && Number(found[1]) < 192) return ofSyslog(Number(found[1]) & 7);
  if ((found = redis.exec(start))) return { ".": "debug", "-": "debug", "*": "info", "#": "warn" }[found[1]];
  for (const [, key, value] of head.matchAll(pairs)) {
    if (key && keys.has(key.toLowerCase()) && key.length > 2) return ofValue(value.replace(/"/g, ""));
  }
  const said = start.slice(0, request.exec(start)?.index ?? front).replace(quoted, " ");
  found = bracket.exec(said) ?? levelName.exec(said) ?? label.exec(said);
  return found ? (names.get(found[1].toLowerCase()) ?? "") : "";
}

// The first level field of the entry itself. Nested fields describe something else, except in ECS, whose level is log.level. JSON.parse is
// not used, because an entry may be truncated or longer than the examined part.
function ofJson(text) {
  const path = [];
  let [depth, key, isKey] = [0, "", false];
  for (const [piece, string] of text.matchAll(pieces)) {
    if (piece === "{" || piece === "[") {
      path[depth++] = key;
      isKey = piece === "{";
      if (piece === "[") path[depth - 1] = null;
    } else if (piece === "}" || piece === "]") {
      if (--depth <= 0) return "";
      isKey = false;
    } else if (piece === ",") isKey = path[depth - 1] !== null;
    else if (piece === ":") isKey = false;
    else if (isKey && string !== undefined) key = string;
    else if (!isKey && ((depth === 1 && keys.has(key.toLowerCase())) || (depth === 2 && path[1] === "log" && key === "level"))) {
      const level = ofValue(string ?? piece);
      if (level) return level;
    }
  }
  return "";
}

const ofValue = value => (/^\d+$/.test(value) ? ofNumber(Number(value)) : (names.get(value.toLowerCase()) ?? ""));

// pino and bunyan count up from 10, syslog and GELF down from 7.
function ofNumber(n) {
  if (n < 8) return ofSyslog(n);
  if (n >= 100) return ""; // libraries that count in hundreds disagree
  return levels[Math.max(0, Math.min(levels.length - 1, Math.floor(n / 10) - 1))];
}

const ofSyslog = n => (n <= 2 ? "fatal" : n === 3 ? "error" : n === 4 ? "warn" : n <= 6 ? "info" : "debug");
