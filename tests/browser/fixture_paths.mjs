// SPDX-License-Identifier: Apache-2.0
// Made-up answers of the service map and of a comparison.
const ns = (ms) => String(Math.round(ms * 1e6));

function spread(count, errors, middle, wide = 10) {
  const buckets = [];
  for (let n = -wide; n <= wide; n++) {
    const share = Math.exp(-(n * n) / wide) / Math.sqrt(wide * Math.PI);
    const here = Math.round(count * share);
    const at = Math.round(Math.log2(middle * 1e6) * 8) + n;
    if (here > 0) buckets.push([at, here, n > wide / 2 ? Math.min(here, errors) : 0]);
  }
  return { count, errors, p50_ns: ns(middle), p95_ns: ns(middle * 1.8), buckets };
}

const nothing = { count: 0, errors: 0, p50_ns: "0", p95_ns: "0", buckets: [] };
const service = (name, ...numbers) => ({ name, kind: "service", ...spread(...numbers) });
const call = (from, to, ...numbers) => ({ from, to, ...spread(...numbers) });

export const map = () => ({
  nodes: [
    service("web", 41200, 312, 92),
    service("backend-flask", 38100, 290, 61),
    service("prices", 36000, 0, 5.2),
    service("notifier", 9100, 0, 14),
    { name: "postgresql orders", kind: "database", ...nothing },
    { name: "kafka mail", kind: "queue", ...nothing },
    { name: "api.stripe.com", kind: "host", ...nothing },
  ],
  edges: [
    call("web", "backend-flask", 38100, 290, 64),
    call("backend-flask", "prices", 36000, 0, 6.1),
    call("backend-flask", "postgresql orders", 152000, 260, 4.4),
    call("backend-flask", "kafka mail", 9100, 0, 1.2),
    call("notifier", "backend-flask", 900, 0, 30),
    call("web", "api.stripe.com", 3100, 40, 240),
    call("kafka mail", "notifier", 9100, 0, 14),
  ],
  from_ns: "1795530000000000000",
  to_ns: "1795531800000000000",
  elapsed_ms: 41.2,
});

export const examples = (trace) => ({
  examples: Array.from({ length: 20 }, (_, n) => ({
    trace_id: trace,
    span_id: String(n).padStart(16, "0"),
    time_ns: String(1795531799000000000n - BigInt(n) * 700_000_000n),
    duration_ns: ns(40 + ((n * 37) % 90)),
    name: "GET /api/activities/home",
    error: n % 7 === 3,
  })),
  elapsed_ms: 8.4,
});

const side = (traces, spans, errors, median) => ({
  traces,
  spans,
  errors,
  total_ns: ns(median * spans),
  median_ns: ns(median),
  p95_ns: ns(median * 1.6),
});

const path = (depth, name, a, b, ...changes) => ({
  service: depth < 2 ? "web" : "backend-flask",
  name,
  depth,
  a: side(...a),
  b: side(...b),
  changes,
});

export const diff = (request) => ({
  a: { request: { ...request, error: false, status_code: 200, duration_ns: ns(212) }, traces: 1 },
  b: { request, traces: 1 },
  rows: [
    path(0, "POST /api/activities", [1, 1, 0, 212], [1, 1, 1, 612], "slower", "errors"),
    path(1, "create-activity", [1, 1, 0, 208], [1, 1, 1, 603], "slower", "errors"),
    path(2, "validate", [1, 1, 0, 1.7], [1, 1, 0, 1.7]),
    path(2, "insert", [1, 1, 0, 190], [1, 2, 1, 297], "more", "slower", "errors"),
    path(3, "fake-db", [1, 1, 0, 188], [1, 2, 1, 295], "more", "slower"),
    path(4, "fake-db-sleep", [1, 1, 0, 186], [1, 2, 0, 291], "more", "slower"),
    path(2, "notify", [1, 1, 0, 4.1], [0, 0, 0, 0], "removed"),
    path(2, "roll back", [0, 0, 0, 0], [1, 1, 0, 2.6], "added"),
  ],
  elapsed_ms: 6.3,
});
