// SPDX-License-Identifier: Apache-2.0
// Made-up answers of the page's API: one request among many fails, and its trace, its lines and its item fit together.
import { diff, examples, map } from "./fixture_paths.mjs";

const failing = "a3f19c07e4d24b0c9d6f0e7712cc51b8";
const users = ["andrewbrown", "worf", "garek", "picard", "bashir", "kira"];
const ms = 1_000_000n;
const base = BigInt(Date.now()) * ms;
let seed = 5;
const random = () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32;
const pick = (list) => list[Math.floor(random() * list.length)];
const hex = (n) => Array.from({ length: n }, () => Math.floor(random() * 16).toString(16)).join("");
const doorCount = (door, spans, logs, errors, how) => ({ door, spans, logs, errors, how });

function makeRequests(n) {
  let at = base;
  return Array.from({ length: n }, (_, index) => {
    at -= BigInt(Math.floor(60 + random() * 900)) * ms;
    const bad = index === 6;
    const post = bad || random() < 0.4;
    const lost = !bad && random() < 0.04;
    const length = bad ? 612 : lost ? 2.1 : 5 + random() ** 2 * 600;
    const user = bad ? "worf" : pick(users);
    const doors = [doorCount("otlp", post ? 6 : 4, 0, 0, "same_id")];
    if (random() > 0.12 || bad) doors.push(doorCount("xray", 2, 0, 0, "evidence"));
    doors.push(doorCount("cloudwatch", 0, post ? 3 : 2, 0, "carried"));
    if (bad) doors.push(doorCount("rollbar", 0, 0, 1, "evidence"));
    const route = lost ? "/api/activitys/home" : post ? "/api/activities" : "/api/activities/home";
    return {
      trace_id: bad ? failing : hex(32),
      time_ns: String(at),
      duration_ns: String(Math.floor(length * 1e6)),
      name: `${post ? "POST" : "GET"} ${route}`,
      method: post ? "POST" : "GET",
      route,
      status_code: bad ? 500 : lost ? 404 : 200,
      service: "backend-flask",
      door: "otlp",
      doors,
      error: bad,
      user,
      last_words: bad
        ? "RuntimeError: boom: row has no such column"
        : post
          ? `activity created by ${user} in ${(length / 1000).toFixed(3)} s`
          : `home feed of ${user}: ${3 + Math.floor(random() * 9)} activities`,
      spans: doors[0].spans,
      logs: post ? 3 : 2,
    };
  });
}
const requests = makeRequests(640);
const start = BigInt(requests[6].time_ns);

// kind, door, depth, name, start ms, end ms, more
const rowsOfTrace = [
  ["span", "otlp", 0, "POST /api/activities", 0, 612, { error: true, span_kind: "server" }],
  ["log", "cloudwatch", 1, "POST /api/activities from 127.0.0.1", 1.1, 1.1, { severity: 9 }],
  ["span", "xray", 1, "localhost:4567", 0.5, 611.2, { error: true, segment: "segment", join: "evidence" }],
  ["span", "xray", 2, "create-activity", 2.8, 606.4, { error: true, segment: "subsegment", join: "evidence" }],
  ["span", "otlp", 1, "create-activity", 3, 606, { error: true }],
  ["span", "otlp", 2, "validate", 3.4, 5.1, {}],
  ["log", "cloudwatch", 2, "message of 42 characters is fine", 5.2, 5.2, { severity: 5 }],
  ["span", "otlp", 2, "insert", 5.8, 362, {}],
  ["span", "otlp", 3, "fake-db", 6.4, 361.2, {}],
  ["span", "otlp", 4, "fake-db-sleep", 7, 360.4, {}],
  ["log", "cloudwatch", 2, "insert did not commit, second try", 363.9, 363.9, { severity: 13, also_door: "otlp", join: "same_record" }],
  ["span", "otlp", 2, "insert", 366, 604, { error: true }],
  ["span", "otlp", 3, "fake-db", 366.8, 601.6, { error: true }],
  ["span", "otlp", 4, "fake-db-sleep", 367.4, 598.2, {}],
  ["error", "rollbar", 3, "RuntimeError: boom: row has no such column", 602.4, 602.4, { item: 14, error: true, join: "evidence" }],
  ["log", "cloudwatch", 1, "activity not created for worf after 0.601 s", 604.8, 604.8, { severity: 17, join: "carried" }],
  ["log", "cloudwatch", 1, "127.0.0.1 POST /api/activities? 500", 611.6, 611.6, { severity: 9, join: "carried" }],
];
const frame = (filename, lineno, method, code) => ({
  filename,
  lineno,
  method,
  code,
  context: { pre: ["    try:", "        return db.insert(row)"], post: [""] },
  locals: { row: { handle: "worf", ttl: "P7D" }, attempt: 2 },
});
const payload = {
  environment: "dev",
  language: "python 3.11",
  framework: "flask",
  level: "error",
  server: { host: "app-01", root: "/srv/app" },
  notifier: { name: "pyrollbar", version: "1.5.0" },
  person: { id: "worf", username: "worf" },
  request: { method: "POST", url: "http://localhost:4567/api/activities?", user_ip: "127.0.0.1" },
  custom: { trace_id: failing },
  body: {
    trace_chain: [
      {
        exception: { class: "RuntimeError", message: "boom: row has no such column" },
        frames: [
          frame("/venv/lib/python3.11/site-packages/flask/app.py", 880, "full_dispatch", "rv = self()"),
          frame("/venv/lib/python3.11/site-packages/werkzeug/x.py", 12, "call", "return f()"),
          frame("/srv/app/app.py", 118, "data_activities", "model = CreateActivity.run()"),
          frame("/srv/app/services/create_activity.py", 47, "insert", "    raise RuntimeError(name)"),
        ],
      },
      {
        exception: { class: "KeyError", message: "'missing'" },
        frames: [frame("/srv/app/lib/fake_db.py", 22, "insert", "return row[name]")],
      },
    ],
  },
};

function traceRows() {
  const path = [];
  return rowsOfTrace.map(([kind, door, depth, name, from, to, more], index) => {
    path[depth] = index;
    return {
      kind,
      door,
      id: `r${index}`,
      ...(depth > 0 ? { parent: `r${path[depth - 1]}` } : {}),
      depth,
      trace_id: failing,
      span_id: hex(16),
      name,
      service: "backend-flask",
      start_ns: String(start + BigInt(Math.round(from * 1e6))),
      duration_ns: String(Math.round((to - from) * 1e6)),
      error: false,
      join: "same_id",
      attributes: {
        "http.method": "POST",
        "http.route": "/api/activities",
        "app.user_handle": "worf",
        "app.now": "2026-11-24T14:32:06.282Z",
        "db.attempt": 2,
        "metadata.request": { message: "Qapla' to all of you", ttl: "P7D" },
      },
      ...(kind === "error" ? { raw: JSON.stringify(payload) } : {}),
      ...(/^(POST|create|insert|fake)/.test(name) && door === "otlp"
        ? { critical: [[Math.round(from * 1e6), Math.round(to * 1e6)]] }
        : {}),
      ...more,
    };
  });
}

const critical = [
  { service: "backend-flask", name: "fake-db-sleep", rows: 2, ns: "584200000" },
  { service: "backend-flask", name: "create-activity", rows: 1, ns: "11600000" },
  { service: "backend-flask", name: "POST /api/activities", rows: 1, ns: "9000000" },
  { service: "backend-flask", name: "insert", rows: 2, ns: "4200000" },
];
const skews = [
  { place: "db-02", against: "app-01", shift_ns: "-12400000", low_ns: "-12900000", high_ns: "-11900000", consistent: true, calls: 38, outside: 36 },
];

const evidence = "same method, path, status, client, 0.5 ms apart; next candidate 41 ms away";
const trace = () => ({
  trace_id: failing,
  other_trace_ids: [hex(32)],
  start_ns: String(start),
  duration_ns: "612000000",
  rows: traceRows(),
  joins: [
    { door: "otlp", what: "9 spans", how: "same_id", certain: true, why: "trace id on every span", rows: ["r0", "r4"] },
    { door: "xray", what: "segment, subsegment", how: "evidence", certain: false, why: evidence, rows: ["r2", "r3"] },
    { door: "cloudwatch", what: "3 lines", how: "carried", certain: true, why: "trace_id stands in the line", rows: ["r15", "r16"] },
    { door: "cloudwatch", what: "2 lines", how: "same_record", certain: true, why: "also came as OTLP logs; shown once", rows: ["r10"] },
    { door: "rollbar", what: "occurrence", how: "evidence", certain: false, why: "same exception, URL and process", rows: ["r14"] },
  ],
  around: logLines().slice(0, 3),
  doors: [doorCount("otlp", 9, 0, 0, "same_id"), ...requests[6].doors.slice(1)],
  request: requests[6],
  critical,
  critical_ns: "612000000",
  skews,
  missing: 1,
  elapsed_ms: 1.8,
});

function logLines() {
  return requests.slice(0, 300).map((request, index) => ({
    id: `l${index}`,
    time_ns: String(BigInt(request.time_ns) + 3n * ms),
    severity: request.error ? 17 : index % 17 === 3 ? 13 : 9,
    source: "backend-flask",
    stream: "app-01",
    door: "cloudwatch",
    text: request.last_words,
    trace_id: request.trace_id,
    join: "carried",
    attributes: { level: "info", user_handle: request.user, elapsed_s: 0.12 },
  }));
}

const items = ["RuntimeError: boom: row has no such column", "KeyError: 'message'", "a blank message"].map(
  (title, index) => ({
    counter: 14 - index,
    title,
    level: index === 2 ? "warning" : "error",
    status: "active",
    environment: "dev",
    framework: "flask",
    language: "python",
    occurrences: 31 - index * 9,
    people: 3,
    first_seen_ns: String(base - 40_000_000n * ms),
    last_seen_ns: String(start),
  }),
);

function statusOf(empty) {
  const now = BigInt(Date.now()) * ms;
  const ran = Number((now - base) / ms) / 1000;
  const rates = { otlp: 412, xray: 38, cloudwatch: 96, rollbar: 0.2 };
  const doors = Object.entries(rates).map(([door, rate]) => ({
    door,
    requests: 0,
    records: empty ? 0 : Math.floor(100 + ran * rate),
    bytes: 0,
    refused: 0,
    throttled: 0,
    dropped: 0,
    duplicates: 0,
    last_event_ns: empty ? "0" : String(now),
  }));
  return {
    now_ns: String(now),
    version: "0.1.0",
    addresses: [
      { name: "http", url: "http://127.0.0.1:8080" },
      { name: "otlp_http", url: "http://127.0.0.1:4318" },
      { name: "otlp_grpc", url: "http://127.0.0.1:4317" },
      { name: "xray_udp", url: "127.0.0.1:2000" },
    ],
    doors,
    sink: { acknowledged: empty ? 0 : 9, committed: 0, pending_rows: 0, journal_bytes: 0, recovered_requests: 0, torn_bytes: 0, corrupt_entries: 0 },
    store: { rows: empty ? 0 : 21000, bytes_on_disk: 1_300_000, parts: 3, merges_running: 0, queries: 0, query_ms: 0 },
    open_items: empty ? 0 : 3,
  };
}

function histogram(query, list) {
  const from = BigInt(query.get("from"));
  const to = BigInt(query.get("to"));
  const n = Number(query.get("buckets"));
  const counts = Array(n).fill(0);
  const errors = Array(n).fill(0);
  let total = 0;
  for (const request of list) {
    const at = BigInt(request.time_ns);
    if (at < from || at >= to) continue;
    const bucket = Number(((at - from) * BigInt(n)) / (to - from));
    counts[bucket] += 1;
    total += 1;
    if (request.error) errors[bucket] += 1;
  }
  return {
    from_ns: String(from),
    to_ns: String(to),
    bucket_ns: String((to - from) / BigInt(n)),
    counts,
    errors,
    total,
    total_errors: errors.reduce((a, b) => a + b, 0),
    p95_ns: "471000000",
    routes_p95: [
      { route: "/api/activities", method: "POST", p95_ns: "604000000" },
      { route: "/api/activities/home", method: "GET", p95_ns: "288000000" },
    ],
    elapsed_ms: 3,
  };
}

const counted = users.map((value, i) => ({ value, count: 412 - i * 60 }));

function filtered(filter) {
  const user = /^user = (\S+)$/.exec(filter)?.[1];
  if (user !== undefined) return requests.filter((request) => request.user === user);
  return filter === "" ? requests : [];
}

export function answer(url, options) {
  const query = url.searchParams;
  const path = url.pathname.slice("/api/ui/".length);
  const ok = (body) => ({ status: 200, body });
  const refuse = (status, code, message, more = {}) => ({
    status,
    body: { error: { code, message, ...more } },
  });
  const filter = query.get("filter") ?? "";
  if (filter.endsWith("="))
    return refuse(400, "INVALID_ARGUMENT", "A value belongs here.", { position: filter.length });
  if (path === "status") return ok(statusOf(options.empty));
  const list = options.empty ? [] : filtered(filter);
  if (path === "requests") {
    const from = Number(query.get("before") ?? 0);
    const page = list.slice(from, from + 100);
    const next = from + 100 < list.length ? { next: String(from + 100) } : {};
    return ok({ requests: page, ...next, elapsed_ms: 9 });
  }
  if (path === "requests/histogram") return ok(histogram(query, list));
  if (path === "requests/values") {
    const values = /user/.test(query.get("field")) ? counted : [];
    const total = values.reduce((sum, { count }) => sum + count, 0);
    return ok({ values, total, distinct: values.length, elapsed_ms: 2 });
  }
  if (path === `traces/${failing}`) return ok(trace());
  if (path.startsWith("traces/") && path.endsWith("/links")) return ok({ links: [], elapsed_ms: 1 });
  if (path === "map") return ok(map());
  if (path === "map/examples") return ok(examples(failing));
  if (path === "diff") return ok(diff(requests[6]));
  if (path.startsWith("traces/")) return refuse(404, "NOT_FOUND", "No such trace.");
  if (path === "goto")
    return ok({ places: [{ kind: "trace", text: failing, detail: "POST /api/activities", path: `/trace/${failing}` }] });
  if (path === "logs") {
    const text = (query.get("text") ?? "").toLowerCase();
    const least = Number(query.get("severity") ?? 0);
    const lines = logLines().filter(
      (line) => line.text.toLowerCase().includes(text) && line.severity >= least,
    );
    return ok({ lines: lines.slice(0, 200), elapsed_ms: 4 });
  }
  if (path === "items") {
    const found = query.get("status") === "active" ? items : [];
    return ok({ items: found, total: found.length });
  }
  const item = items.find(({ counter }) => path === `items/${counter}`);
  if (item === undefined) return refuse(404, "NOT_FOUND", "No such item.");
  const raw = JSON.stringify(payload);
  return ok({ item, occurrence: { id: "r14", time_ns: String(start), trace_id: failing, join: "evidence", older: "x", raw } });
}
