// How grave a line says it is: read off JSON, logfmt, syslog, glog and the usual words of plain text. A line that says nothing has no level;
// it does not inherit its neighbour's, since that may be another container's.

/** From least to most grave. */
export const levels = ["trace", "debug", "info", "warn", "error", "fatal"];

const names = new Map(Object.entries({
  trace: "trace verbose silly finest finer trc trce vrb vrbs t", debug: "debug dbg dbug fine d", info: "info information informational notice log inf i n",
  warn: "warn warning wrn w", error: "error err fail failure severe e", fatal: "fatal critical crit panic alert emerg emergency ftl pnc dpanic f c",
}).flatMap(([level, words]) => words.split(" ").map(word => [word, level])));

// Only so much of a line is looked at: a level stands at its front, and in JSON before the stack trace.
const look = 2000;
const front = 160;

const json = /(?<!\\)"(?:level|severity|lvl|loglevel|log_level|log\.level|levelname|@l|s)"\s*:\s*(?:"(\w+)"|(\d+))/i;
const logfmt = /(?:^|[\s,])(?:level|lvl|severity)="?(\w+)/i;
const glog = /^([IWEF])\d{4} \d\d:\d\d:\d\d/;
const syslog = /^<(\d{1,3})>/;
const redis = /^\d+:[A-Z] \d\d \w{3} \d{4} [\d:.]+ ([.\-*#])/;
const bracket = /[[(<](trace|debug|dbg|info|notice|warn|warning|error|err|fatal|crit|critical|alert|emerg|panic)[\])>]/i;
// In capitals anywhere near the front; in small letters only as a label: "error: ...", "fail: ...".
const word = /(?:^|[\s|:;,/\]"])(TRACE|TRC|VERBOSE|DEBUG|DBG|INFO|INF|NOTICE|WARN|WARNING|WRN|ERROR|ERR|SEVERE|FATAL|FTL|CRITICAL|CRIT|PANIC|ALERT|EMERG)(?=$|[\s:|,;/[\]"-])/;
const label = /(?:^|\s)(trce|trace|dbug|debug|info|notice|warn|warning|fail|error|crit|fatal|panic):/i;

/** One of `levels`, or "". Takes the plain text of a line. */
export function levelOf(text) {
  const head = text.length > look ? text.slice(0, look) : text;
  if (/^\s*\{/.test(head)) {
    const found = json.exec(head);
    return !found ? "" : found[1] ? names.get(found[1].toLowerCase()) ?? "" : ofNumber(Number(found[2]));
  }
  const start = head.slice(0, front);
  let found;
  if ((found = glog.exec(start))) return names.get(found[1].toLowerCase());
  if ((found = syslog.exec(start))) return ofSyslog(Number(found[1]) & 7);
  if ((found = redis.exec(start))) return { ".": "debug", "-": "debug", "*": "info", "#": "warn" }[found[1]];
  found = logfmt.exec(head) ?? bracket.exec(start) ?? word.exec(start) ?? label.exec(start);
  return found ? names.get(found[1].toLowerCase()) ?? "" : "";
}

// pino and bunyan count from 10 up, syslog and GELF from 7 down.
function ofNumber(n) {
  if (n < 8) return ofSyslog(n);
  return levels[Math.max(0, Math.min(levels.length - 1, Math.floor(n / 10) - 1))];
}

const ofSyslog = n => n <= 2 ? "fatal" : n === 3 ? "error" : n === 4 ? "warn" : n <= 6 ? "info" : "debug";
