// SPDX-License-Identifier: Apache-2.0
// What nobody means well with, sent through every door as its clients would send it: markup and scripts, writing
// directions, letters without width, names of JavaScript's own objects, texts of 100 kB, 500 fields, NUL and bytes that are
// no UTF-8, times and lengths that cannot be.
import { createSocket } from "node:dgram";

const name = {
  script: "<script>globalThis.pwned='script'</script>",
  image: '<img src=x onerror="globalThis.pwned=1">',
  quote: `"'><svg onload=globalThis.pwned=2>`,
  link: "javascript:globalThis.pwned=3",
  rightToLeft: "invoice\u202Etxt.exe\u2066 and on",
  noWidth: "ad\u200Bmin\u200D\uFEFF",
  emoji: "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿 e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
  lines: "first\r\nsecond\n\n\nthird\ttab",
  control: "a\u0000b\u0007\u001b[31mred\u001b[0m\u007f",
  long: `long ${"words of it ".repeat(8_400)}`,
  unbroken: "W".repeat(100_000),
  plural: "%s %d {0} ${x} {{x}} __proto__",
};
export const texts = name;

const own = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "__proto__.polluted",
  "constructor.name",
  "valueOf.x",
];
const attribute = (key, value) => ({
  key,
  value: typeof value === "number" ? { doubleValue: value } : { stringValue: value },
});

/** The attributes that every screen should bear. */
function attributes() {
  return [
    ...Object.entries(name).map(([key, value]) => attribute(`hostile.${key}`, value)),
    ...own.map((key) => attribute(key, `value of ${key}`)),
    attribute(name.image, name.script),
    attribute("k".repeat(1000), "under a long name"),
    attribute("", "under no name"),
    attribute("hostile.huge", 1.7976931348623157e308),
    attribute("hostile.negative", -1e300),
    attribute("app.user_handle", name.image),
    attribute("url.full", name.link),
  ];
}

const hex = (n, digits) => n.toString(16).padStart(digits, "0");
export const traces = {
  markup: hex(0xbad01, 32),
  names: hex(0xbad02, 32),
  many: hex(0xbad03, 32),
  times: hex(0xbad04, 32),
};
const second = 1_000_000_000n;

function span(trace, id, parent, spanName, start, end, more = {}) {
  return {
    traceId: trace,
    spanId: hex(id, 16),
    ...(parent === 0 ? {} : { parentSpanId: hex(parent, 16) }),
    name: spanName,
    kind: parent === 0 ? 2 : 1,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    ...more,
  };
}

function markup(at) {
  const failed = { status: { code: 2, message: name.image } };
  const events = [
    {
      timeUnixNano: String(at + 5_000_000n),
      name: "exception",
      attributes: [
        attribute("exception.type", name.image),
        attribute("exception.message", name.script),
        attribute("exception.stacktrace", `${name.quote}\n${name.rightToLeft}\n${name.control}`),
      ],
    },
  ];
  const route = [attribute("http.route", name.image), attribute("http.request.method", "<b>"), ...attributes()];
  const kinds = Object.values(name).map((text, index) =>
    span(traces.markup, 100 + index, 1, text, at + BigInt(index) * 1_000_000n, at + BigInt(index + 3) * 1_000_000n),
  );
  return [
    span(traces.markup, 1, 0, name.script, at, at + second, {
      ...failed,
      events,
      attributes: route,
    }),
    ...kinds,
  ];
}

function many(at) {
  const fields = Array.from({ length: 500 }, (_, n) => attribute(`field.${n % 20}.number_${n}`, `value ${n}`));
  return [
    span(traces.many, 301, 0, name.unbroken, at, at + second, {
      attributes: fields,
    }),
  ];
}

/** Ends before their starts, 1970, the year 2255 and a length of centuries. */
function times(at) {
  const far = 9_000_000_000n * second;
  return [
    span(traces.times, 401, 0, "ends before it starts", at, at - 3600n * second),
    span(traces.times, 402, 401, "from 1970", 1n, at),
    span(traces.times, 403, 401, "far ahead", far, far + 1n),
    span(traces.times, 404, 401, "for centuries", at, far),
    span(traces.times, 405, 405, "its own parent", at, at + 1n),
  ];
}

async function post(url, headers, body) {
  const response = await fetch(url, { method: "POST", headers, body });
  const answer = await response.text();
  if (response.status >= 300) throw new Error(`${url}: ${response.status} ${answer}`);
  return answer;
}

const json = { "content-type": "application/json" };

async function sendOtlp(url, at) {
  const services = [name.image, "__proto__", "constructor", name.rightToLeft, name.unbroken];
  const namesSpans = (service, index) =>
    span(traces.names, 201 + index, index === 0 ? 0 : 201, service, at, at + second, {
      attributes: [attribute("http.route", "/__proto__"), ...attributes()],
    });
  const of = (service, spans) => ({
    resource: { attributes: [attribute("service.name", service)] },
    scopeSpans: [{ scope: { name: name.image }, spans }],
  });
  const resourceSpans = [
    of(name.image, markup(at)),
    ...services.map((service, index) => of(service, [namesSpans(service, index)])),
    of("many", many(at)),
    of("times", times(at)),
  ];
  await post(`${url}/v1/traces`, json, JSON.stringify({ resourceSpans }));
  const logRecords = Object.values(name).map((text, index) => ({
    timeUnixNano: String(at + BigInt(index)),
    severityNumber: 1 + index * 2,
    body: { stringValue: text },
    traceId: traces.markup,
    attributes: attributes(),
  }));
  const logs = {
    resourceLogs: [
      {
        ...of(name.image, []),
        scopeSpans: undefined,
        scopeLogs: [{ logRecords }],
      },
    ],
  };
  await post(`${url}/v1/logs`, json, JSON.stringify(logs));
}

/** JSON with bytes in place of a mark that are no UTF-8: half a letter, a surrogate, bytes that no letter begins with. */
function broken(text) {
  const [before, after] = text.split("BROKEN");
  return Buffer.concat([
    Buffer.from(before),
    Buffer.from([0xc3, 0x28, 0xed, 0xa0, 0x80, 0xff, 0xfe]),
    Buffer.from(after),
  ]);
}

async function sendLines(url, at) {
  const target = (operation) => ({
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `Logs_20140328.${operation}`,
  });
  const group = { logGroupName: "constructor", logStreamName: "__proto__" };
  await post(url, target("CreateLogGroup"), JSON.stringify({ logGroupName: group.logGroupName }));
  await post(url, target("CreateLogStream"), JSON.stringify(group));
  const timestamp = Number(at / 1_000_000n);
  const parsed = `{"__proto__": {"polluted": true}, "constructor": "x", "level": "${name.link}"}`;
  const messages = [...Object.values(name), parsed, JSON.stringify({ deep: attributes() })];
  const logEvents = messages.map((message) => ({ timestamp, message }));
  await post(url, target("PutLogEvents"), JSON.stringify({ ...group, logEvents }));
  const halves = JSON.stringify({
    ...group,
    logEvents: [{ timestamp, message: "half a letter: BROKEN." }],
  });
  // Taken or refused: the door says which (src/doors/cloudwatch/README.md); the page has to bear what was taken.
  await fetch(url, {
    method: "POST",
    headers: target("PutLogEvents"),
    body: broken(halves),
  });
}

async function sendErrors(url) {
  const frames = [
    {
      filename: name.link,
      lineno: 1e300,
      method: name.script,
      code: name.image,
      locals: { ["__proto__"]: 1, [name.image]: name.script },
    },
    {
      filename: name.unbroken,
      lineno: -5,
      context: { pre: [name.script, 7, null], post: "no list" },
    },
  ];
  const trace = {
    frames,
    exception: {
      class: name.image,
      message: name.script,
      description: name.unbroken,
    },
  };
  const custom = JSON.parse(`{"__proto__": {"polluted": true}, "constructor": "x"}`);
  const bodies = [
    { trace },
    {
      trace_chain: [trace, { frames: [{ filename: "a.py" }], exception: { class: "constructor" } }],
    },
    { message: { body: name.rightToLeft + name.lines } },
    { message: { body: name.unbroken } },
  ];
  for (const body of bodies) {
    const data = {
      environment: name.image,
      framework: name.script,
      language: name.unbroken.slice(0, 5000),
      level: "error",
      title: body.message === undefined ? name.quote : undefined,
      body,
      person: { id: name.image, username: name.rightToLeft, email: name.link },
      request: {
        url: name.link,
        method: name.script,
        user_ip: "<b>",
        GET: { ["__proto__"]: name.image },
        headers: 7,
      },
      server: { host: name.image, root: 5, branch: name.link },
      custom: { ...Object.fromEntries(Object.entries(name)), ...custom },
      notifier: { name: name.image, version: ["x"] },
    };
    await post(`${url}/api/1/item/`, { ...json, "x-rollbar-access-token": "any" }, JSON.stringify({ data }));
  }
}

async function sendEvents(url, at) {
  const time = new Date(Number(at / 1_000_000n)).toISOString();
  const far = {
    time: "9999-12-31T23:59:59Z",
    data: { name: "far ahead", duration_ms: 1 },
  };
  const events = [
    {
      time,
      data: {
        name: "negative",
        duration_ms: -5e12,
        "trace.trace_id": "constructor",
        "trace.span_id": "__proto__",
      },
    },
    {
      time,
      data: {
        name: "huge",
        duration_ms: 1e300,
        "trace.trace_id": "toString",
        "trace.span_id": "a",
      },
    },
    {
      time,
      data: {
        name: name.image,
        "trace.trace_id": "../../requests?x=<b>#",
        "trace.span_id": "b",
        "service.name": name.script,
      },
    },
    {
      time,
      data: {
        name: name.unbroken,
        constructor: "x",
        nested: JSON.parse(`{"__proto__": {"x": 1}}`),
      },
    },
    far,
  ];
  for (const dataset of ["__proto__", name.image, name.rightToLeft]) {
    const path = `${url}/1/batch/${encodeURIComponent(dataset)}`;
    await post(path, { ...json, "x-honeycomb-team": "any" }, JSON.stringify(events));
  }
}

function sendSegments(address, at) {
  const from = Number(at / 1_000_000n) / 1000;
  const start = hex(Math.floor(from), 8);
  const segment = (n, more) => ({
    trace_id: `1-${start}-${hex(0xbad00 + n, 24)}`,
    id: hex(0xbad00 + n, 16),
    name: name.image,
    start_time: from,
    end_time: from + 0.5,
    ...more,
  });
  const annotations = JSON.parse(
    `{"__proto__": "a", "constructor": "b", "app.user_handle": ${JSON.stringify(name.script)}}`,
  );
  const cause = {
    exceptions: [
      {
        id: "0123456789abcdef",
        type: name.image,
        message: name.script,
        stack: [{ path: name.link, line: -1, label: null }],
      },
    ],
  };
  const http = {
    request: {
      url: name.link,
      method: name.script,
      user_agent: name.unbroken.slice(0, 5000),
    },
    response: { status: 599 },
  };
  const documents = [
    JSON.stringify(segment(1, { annotations, cause, http, fault: true })),
    JSON.stringify(
      segment(2, {
        name: name.rightToLeft,
        end_time: from - 1e6,
        metadata: { [name.quote]: annotations },
      }),
    ),
    JSON.stringify(
      segment(3, {
        name: "constructor",
        in_progress: true,
        end_time: undefined,
      }),
    ),
    JSON.stringify(segment(4, { name: "half a letter: BROKEN" })),
  ];
  const [host, port] = address.replace(/^\w+:\/\//, "").split(":");
  const socket = createSocket("udp4");
  const head = '{"format":"json","version":1}\n';
  const send = (text) =>
    new Promise((resolve, reject) =>
      socket.send(text.includes("BROKEN") ? broken(head + text) : head + text, Number(port), host, (error) =>
        error ? reject(error) : resolve(),
      ),
    );
  return Promise.all(documents.map(send)).finally(() => socket.close());
}

/** Sends all of it, as if it happened a minute ago. */
export async function sendHostile({ http, otlp_http, xray_udp }) {
  const at = (BigInt(Date.now()) - 60_000n) * 1_000_000n;
  await sendOtlp(otlp_http, at);
  await sendLines(http, at);
  await sendErrors(http);
  await sendEvents(http, at);
  await sendSegments(xray_udp, at);
}
