// SPDX-License-Identifier: Apache-2.0
// A trace of as many spans as wanted, sent through OTLP/HTTP as an SDK would: a root, ten phases, and under each phase
// calls that are all alike, but for one that failed and one with a name of its own.
const perRequest = 10_000;
const hex = (n, digits) => n.toString(16).padStart(digits, "0");

function spanOf(trace, start, id, parent, name, from, to, more = {}) {
  return {
    traceId: trace,
    spanId: hex(id, 16),
    ...(parent === 0 ? {} : { parentSpanId: hex(parent, 16) }),
    name,
    kind: parent === 0 ? 2 : 1,
    startTimeUnixNano: String(start + BigInt(from) * 1000n),
    endTimeUnixNano: String(start + BigInt(to) * 1000n),
    attributes: [{ key: "step", value: { intValue: String(id) } }],
    ...more,
  };
}

function* spans(trace, count, start) {
  const phases = 10;
  const each = Math.floor((count - 1 - phases) / phases);
  const length = each * 20; // us
  yield spanOf(trace, start, 1, 0, "nightly import", 0, phases * length);
  for (let phase = 0; phase < phases; phase++) {
    const id = 2 + phase;
    const begin = phase * length;
    yield spanOf(trace, start, id, 1, `phase ${phase}`, begin, begin + length);
    for (let n = 0; n < each; n++) {
      const from = begin + n * 20;
      const own = 100 + phase * each + n;
      const special = phase === 7 && n === Math.floor(each / 2);
      const failed = phase === 4 && n === 5;
      const name = special ? "needle in the middle" : "insert row";
      const more = failed ? { status: { code: 2, message: "duplicate key" } } : {};
      yield spanOf(trace, start, own, id, name, from, from + 3 + (n % 14), more);
    }
  }
}

/** How many spans it has. */
export async function sendLongTrace(otlpUrl, trace, count) {
  const start = BigInt(Date.now() - 600_000) * 1_000_000n;
  const send = async (batch) => {
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "importer" } }] };
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: batch }] }] });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${otlpUrl}/v1/traces`, { method: "POST", headers, body });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  };
  let batch = [];
  let sent = 0;
  for (const span of spans(trace, count, start)) {
    batch.push(span);
    sent++;
    if (batch.length < perRequest) continue;
    await send(batch);
    batch = [];
  }
  if (batch.length > 0) await send(batch);
  return sent;
}
