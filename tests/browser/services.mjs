// SPDX-License-Identifier: Apache-2.0
// Requests through three services and a database, as their SDKs would send them over OTLP/HTTP: every fifth is slow
// because its service asks the database again and again, every tenth fails there.
const hex = (n, digits) => n.toString(16).padStart(digits, "0");
const kinds = { internal: 1, server: 2, client: 3 };
const text = (key, value) => ({ key, value: { stringValue: value } });

function requestOf(number, at) {
  const spans = [];
  const trace = hex(0xcafe00 + number, 32);
  const add = (service, id, parent, kind, name, from, to, more = {}) =>
    spans.push([
      service,
      {
        traceId: trace,
        spanId: hex(number * 100 + id, 16),
        ...(parent === 0 ? {} : { parentSpanId: hex(number * 100 + parent, 16) }),
        name,
        kind: kinds[kind],
        startTimeUnixNano: String(at + BigInt(Math.round(from * 1e6))),
        endTimeUnixNano: String(at + BigInt(Math.round(to * 1e6))),
        attributes: more.attributes ?? [],
        ...(more.failed ? { status: { code: 2 } } : {}),
      },
    ]);
  const slow = number % 5 === 0;
  const failed = number % 10 === 0;
  const queries = slow ? 14 : 1;
  const length = 20 + queries * 12;
  const route = [text("http.request.method", "GET"), text("http.route", "/cart")];
  const database = [text("db.system", "postgresql"), text("db.name", "orders")];
  add("web", 1, 0, "server", "GET /cart", 0, length + 8, { attributes: route, failed });
  add("web", 2, 1, "client", "GET cart-api", 2, length + 6, { failed });
  add("cart-api", 3, 2, "server", "GET /v1/cart", 4, length + 4, { failed });
  add("cart-api", 4, 3, "client", "price", 5, 13);
  add("prices", 5, 4, "server", "POST /price", 7, 12);
  if (!slow) add("cart-api", 6, 3, "internal", "cache hit", 13.5, 14);
  for (let n = 0; n < queries; n++)
    add("cart-api", 10 + n, 3, "client", "SELECT items", 15 + n * 12, 25 + n * 12, {
      attributes: database,
      failed: failed && n === 2,
    });
  return spans;
}

/** The trace ids, the last one is slow. */
export async function sendServices(otlpUrl, requests = 100) {
  const byService = new Map();
  const now = BigInt(Date.now()) * 1_000_000n;
  const ids = [];
  for (let number = 1; number <= requests; number++) {
    const at = now - BigInt(requests - number + 300) * 100_000_000n;
    for (const [service, span] of requestOf(number, at)) {
      if (!byService.has(service)) byService.set(service, []);
      byService.get(service).push(span);
    }
    ids.push(hex(0xcafe00 + number, 32));
  }
  const resourceSpans = [...byService].map(([service, spans]) => ({
    resource: { attributes: [text("service.name", service)] },
    scopeSpans: [{ spans }],
  }));
  const response = await fetch(`${otlpUrl}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans }),
  });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return ids;
}
