// SPDX-License-Identifier: Apache-2.0
// Made-up answers for Explore and Boards: six users, one of whom waits long for a while, as the requests of
// fixture_answers.mjs have it. Any calculation and breakdown is answered; filters only change the numbers' size.
const users = ["garek", "worf", "kira", "andrewbrown", "picard", "bashir"];
const userShares = [0.08, 0.26, 0.08, 0.34, 0.14, 0.1];
let seed = 9;
const random = () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32;
const bell = (x, middle, width) => Math.exp(-(((x - middle) / width) ** 2) / 2);
const iso = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
const keyOf = ({ op, column, name }) => name || (column === undefined ? op : `${op}(${column})`);

function cellsAt(share, part, slow, scale) {
  const cells = [];
  for (let index = 8; index < 82; index += 1) {
    const low = 2 ** Math.floor(index / 8) * (1 + (index % 8) / 8);
    const log = Math.log(low);
    let heat = 0.62 * bell(log, Math.log(190 + 34 * Math.sin(part * 11)), 0.5) + 0.3 * bell(log, Math.log(6.5), 0.22);
    if (slow) heat += 0.98 * bell(log, Math.log(488), 0.1);
    const count = Math.floor(heat * (0.45 + random() * 0.75) * 300 * share * scale);
    if (count > 0) cells.push([low, low + 2 ** Math.floor(index / 8) / 8, count]);
  }
  return cells;
}

function valueOf({ op, name }, user, part, slow, cells) {
  const count = cells.reduce((sum, cell) => sum + cell[2], 0);
  if (name === "skep.errors") return Math.floor(count * 0.004);
  if (op === "HEATMAP") return { cells };
  if (op === "COUNT") return count;
  if (op === "COUNT_DISTINCT") return 1;
  if (op === "MAX") return 612 - user;
  return (slow ? 590 : 390 - user * 9) + 22 * Math.sin(part * 13 + user * 2) + (random() - 0.5) * 30;
}

function rowOf(request, groups, part, slowNow, scale) {
  const calculations = [...(request.query.calculations ?? [{ op: "COUNT" }]), ...(request.also ?? [])];
  return groups.map((user) => {
    const slow = slowNow && (user === 0 || user < 0);
    const cells = cellsAt(user < 0 ? 1 : userShares[user], part, slow, scale);
    const data = Object.fromEntries(
      calculations.map((own) => [keyOf(own), valueOf(own, Math.max(0, user), part, slow, cells)]),
    );
    for (const name of request.query.breakdowns ?? []) data[name] = users[user] ?? "other";
    return data;
  });
}

export function runOf(request) {
  seed = 9;
  const { query } = request;
  const end = query.end_time ?? Math.floor(Date.now() / 1000);
  const start = query.start_time ?? end - (query.time_range ?? 7200);
  const granularity = query.granularity || Math.max(1, Math.ceil((end - start) / 200));
  const by = query.breakdowns ?? [];
  const groups = by.length > 0 ? users.map((_, index) => index) : [-1];
  const calculations = [...(query.calculations ?? [{ op: "COUNT" }]), ...(request.also ?? [])];
  const scale = (query.filters ?? []).length > 2 ? 0.1 : 1;
  const withSteps = (groupsOf) => {
    const series = [];
    for (let at = Math.floor(start / granularity) * granularity; at < end; at += granularity) {
      const part = (at - start) / (end - start);
      for (const data of rowOf(request, groupsOf, part, part > 0.5 && part < 0.72, scale))
        series.push({ time: iso(at), data });
    }
    return series;
  };
  const offset = query.compare_time_offset_seconds;
  const series = withSteps(groups);
  const sum = (rows) => ({ data: { ...rowOf(request, rows, 0.6, true, 1)[0] } });
  return {
    id: "run1",
    state: "done",
    rows_read: 1_204_331,
    rows_total: 1_204_331,
    elapsed_ms: 41,
    result: {
      breakdowns: by,
      measures: calculations.map((own) => ({ key: keyOf(own), op: own.op, ...(own.column ? { column: own.column } : {}) })),
      start_time: start,
      end_time: end,
      granularity,
      data: {
        series,
        results: groups.map((user) => {
          const [data] = rowOf(request, [user], 0.6, true, 40);
          return { data };
        }),
        total_by_aggregate: sum([-1]),
        total_by_aggregate_series: withSteps([-1]),
        ...(offset
          ? { compare: { results: [], series: series.map((row) => ({ time: iso(Date.parse(row.time) / 1000 - offset), data: row.data })) } }
          : {}),
      },
    },
  };
}

const shares = (selection, baseline, more) => ({
  selection,
  baseline,
  selection_rows: Math.round(selection * 18_204),
  baseline_rows: Math.round(baseline * 1_186_127),
  ...more,
});
const category = (name, score, values, more = {}) => ({
  name,
  kind: "category",
  score,
  difference: score,
  distinct: values.length,
  values: values.map(([value, selection, baseline]) => shares(selection, baseline, { value })),
  ...more,
});
const compared = {
  selection: { rows: 18_204, weight: 18_204 },
  baseline: { rows: 1_186_127, weight: 1_186_127 },
  fields_done: 34,
  fields_total: 34,
  elapsed_ms: 12,
  fields: [
    category("app.user_handle", 0.74, [["garek", 0.82, 0.07], ["worf", 0.06, 0.27], ["andrewbrown", 0.07, 0.34], ["picard", 0.02, 0.14], ["kira", 0.02, 0.08], ["bashir", 0.01, 0.1]]),
    {
      name: "app.message_length",
      kind: "number",
      score: 0.7,
      difference: 0.73,
      bins: [[2, 14], [3, 22], [3, 21], [4, 16], [4, 12], [5, 9], [35, 4], [44, 2]].map(([a, b], at) =>
        shares(a / 100, b / 100, { low: at * 40, high: at * 40 + 40 }),
      ),
    },
    category("db.attempt", 0.6, [["1", 0.34, 0.97], ["2", 0.64, 0.03], ["3", 0.02, 0]]),
    category("log.level", 0.55, [["debug", 0.08, 0.22], ["info", 0.28, 0.72], ["warn", 0.61, 0.04]], { absent: shares(0.03, 0.02) }),
    category("app.ttl", 0.35, [["P1D", 0.18, 0.28], ["P7D", 0.24, 0.41], ["P30D", 0.48, 0.11], ["PT1H", 0.1, 0.2]]),
    category("http.status_code", 0.05, [["200", 0.94, 0.97], ["422", 0, 0.02], ["500", 0.06, 0.01]]),
    category("host.name", 0.04, [["app-01", 0.6, 0.52]]),
    category("service.version", 0, [["1.4.2", 0.5, 0.49]]),
  ],
  kept_out: [{ name: "trace.trace_id", reason: "near_unique" }],
};

const columns = [
  { name: "duration_ms", types: ["float"], examples: [] },
  { name: "name", types: ["string"], examples: ["create-activity", "POST /api/activities"] },
  { name: "service.name", types: ["string"], examples: ["backend-flask"] },
  { name: "app.user_handle", types: ["string"], rows: 20_411, examples: users },
  { name: "app.message_length", types: ["integer"], rows: 9204, examples: ["13", "24"] },
  { name: "http.route", types: ["string"], rows: 40_022, examples: ["/api/activities", "/api/activities/home"] },
  { name: "http.status_code", types: ["integer", "string"], rows: 40_022, examples: ["200", "500"] },
];

const functions = [
  { name: "IF", usage: "IF(condition, value, …, otherwise)" },
  { name: "GTE", usage: "GTE(a, b)" },
  { name: "DIV", usage: "DIV(a, b)" },
  { name: "EVENT_TIMESTAMP", usage: "EVENT_TIMESTAMP()" },
];

/** The server's words for a function in small letters, the one fault that is made up here. */
function faultsIn({ calculated_fields: fields = [], formulas = [] }) {
  return Object.entries({ calculated_fields: fields, formulas }).flatMap(([list, rows]) =>
    rows.flatMap(({ expression }, at) => {
      const found = /\b(if|gte|div)\(/.exec(expression);
      if (found === null) return [];
      const position = Buffer.byteLength(expression.slice(0, found.index));
      const message = `Functions are written in upper case: ${found[1].toUpperCase()}.`;
      return [{ field: `${list}[${at}].expression`, message, position }];
    }),
  );
}

const events = users.map((user, at) => ({
  id: `e${at}`,
  time_ns: String(BigInt(Date.now() - at * 700) * 1_000_000n),
  duration_ns: String((612 - at) * 1_000_000),
  signal: "span",
  door: "otlp",
  name: "POST /api/activities",
  dataset: "backend-flask",
  trace_id: "a3f19c07e4d24b0c9d6f0e7712cc51b8",
  span_id: "1122334455667788",
  ...(at === 0 ? { error: true } : {}),
  attributes: { "app.user_handle": user, "http.route": "/api/activities" },
}));

const saved = [];
const boards = [];
let made = 0;
const id = () => `id${(made += 1)}`;

function viewOf(board) {
  const shown = board.panels.map((panel) => panel.query_panel?.query_id);
  return { board, queries: saved.filter(({ query_id }) => shown.includes(query_id)) };
}

/** Null where the path is none of Explore's or Boards'. */
export function answerExplore(method, path, query, body) {
  const ok = (answer) => ({ status: 200, body: answer });
  const gone = { status: 404, body: { error: { code: "NOT_FOUND", message: "There is no such board." } } };
  const now = String(BigInt(Date.now()) * 1_000_000n);
  // A question about `slow` runs until it is cancelled, one about `wrong` is refused at its place.
  const about = (name) => path === "explore/runs" && (body.query.filters ?? []).some(({ column }) => column === name);
  const slow = { id: "slow", state: "running", rows_read: 400_000, rows_total: 1_600_000, elapsed_ms: 900 };
  if (about("slow") || (path === "explore/runs/slow" && method === "GET")) return ok(slow);
  if (path === "explore/runs/slow")
    return ok({ ...slow, state: "failed", error: { code: "CANCELLED", message: "It was cancelled." } });
  if (about("wrong"))
    return { status: 400, body: { error: { code: "INVALID_ARGUMENT", message: "wrong is no field.", field: "filters[0].column" } } };
  if (about("nothing")) {
    const run = runOf(body);
    run.result.data = { results: [], series: [] };
    return ok(run);
  }
  if (path === "explore/functions") return ok({ functions });
  if (path === "explore/checks") return ok({ errors: faultsIn(body.query) });
  if (path === "explore/runs") {
    const [fault] = faultsIn(body.query);
    const error = fault && { code: "INVALID_ARGUMENT", ...fault, message: `${fault.field}: ${fault.message}` };
    return fault === undefined ? ok(runOf(body)) : { status: 400, body: { error } };
  }
  if (path === "explore/bubbleups") return ok({ id: "b1", state: "done", steps: 3, elapsed_ms: 12, result: compared });
  if (path === "explore/fields") {
    const wanted = query.get("contains") ?? "";
    return ok({ fields: columns.filter(({ name }) => name.includes(wanted)), datasets: ["backend-flask", "worker"] });
  }
  if (path === "explore/history")
    return ok({
      entries: saved.map((own) => ({ ...own, ran_ns: now, elapsed_ms: 41, rows_read: 1_204_331, state: "done" })),
    });
  if (path === "explore/rows") return ok({ events: events.slice(0, Number(query.get("limit"))), elapsed_ms: 2 });
  if (path === "queries" && method === "GET") return ok({ queries: saved });
  if (path === "queries" && method === "POST") {
    const own = { id: id(), query_id: id(), dataset: "__all__", description: "", ...body, updated_ns: now };
    saved.push(own);
    return ok(own);
  }
  if (path.startsWith("queries/")) {
    const own = saved.find(({ id: known }) => path === `queries/${known}`);
    if (own === undefined) return gone;
    if (method === "DELETE") saved.splice(saved.indexOf(own), 1);
    if (method === "DELETE") return ok({ id: own.id });
    if (method === "GET") return ok(own);
    const { seen_ns: seen, ...sent } = body;
    const code = "ABORTED";
    if (seen !== undefined && seen !== own.updated_ns)
      return { status: 409, body: { error: { code, message: "Somebody else changed it in the meantime." } } };
    Object.assign(own, sent, { updated_ns: String(BigInt(own.updated_ns) + 1n) });
    return ok(own);
  }
  if (path === "boards" && method === "GET") return ok({ boards });
  if (path === "boards" && method === "POST") {
    const own = { id: id(), description: "", panels: [], ...body, updated_ns: now };
    boards.push(own);
    return ok(viewOf(own));
  }
  if (!path.startsWith("boards/")) return null;
  const board = boards.find((own) => path === `boards/${own.id}`);
  if (board === undefined) return gone;
  if (method === "PUT") Object.assign(board, body);
  if (method === "DELETE") boards.splice(boards.indexOf(board), 1);
  return method === "DELETE" ? ok({ id: board.id }) : ok(viewOf(board));
}
