// SPDX-License-Identifier: Apache-2.0
// honeycomb.mjs API_HOST KEY CASE [COUNT]: sends with libhoney-js or the JavaScript beeline and prints what they were answered,
// a JSON object a line. `events`: COUNT events, half of them alike; `alike`: COUNT events that are one and the same, byte for
// byte; `spans`: a trace of two spans, its ids are printed.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [apiHost, writeKey, what, count = "0"] = process.argv.slice(2);
const time = new Date("2026-01-02T03:04:05.678Z");

function print(response) {
  const { status_code: status, err, error, metadata } = response;
  console.log(JSON.stringify({ status, error: err ?? error?.message ?? null, metadata }));
}

async function events(fieldsOf) {
  const Libhoney = require("libhoney").default ?? require("libhoney");
  const hny = new Libhoney({
    apiHost,
    writeKey,
    dataset: "js data",
    responseCallback: (responses) => responses.forEach(print),
  });
  for (let i = 0; i < Number(count); i += 1) {
    const event = hny.newEvent();
    event.add(fieldsOf(i));
    event.timestamp = time;
    event.metadata = i;
    event.sampleRate = 2;
    event.sendPresampled();
  }
  await hny.flush();
}

async function spans() {
  const beeline = require("honeycomb-beeline")({
    apiHost,
    writeKey,
    serviceName: "bee-js",
    enabledInstrumentations: [],
  });
  const trace = beeline.startTrace({ name: "GET /js", "request.method": "GET" });
  beeline.addTraceContext({ user: "worf" });
  const span = beeline.startSpan({ name: "child" });
  const { "trace.trace_id": trace_id, "trace.span_id": root } = trace.payload;
  console.log(JSON.stringify({ trace_id, root }));
  beeline.finishSpan(span);
  beeline.finishTrace(trace);
  await beeline.flush();
}

if (what === "events")
  await events((i) => ({ i, who: "libhoney-js", when: time, nested: { a: [1, { b: 2 }] } }));
if (what === "alike") await events(() => ({ who: "all of us" }));
if (what === "spans") await spans();
process.exit(0);
