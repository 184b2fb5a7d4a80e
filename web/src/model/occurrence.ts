// SPDX-License-Identifier: Apache-2.0
// A Rollbar payload's data as the page shows it: exceptions with their frames, the person, the request, where it ran.
// Clients leave out and misplace much; what is not there or not of its type is simply not shown.

export interface Frame {
  file: string;
  line: number | null;
  method: string;
  /** False for code of libraries and the language itself. */
  own: boolean;
  before: string[];
  code: string | null;
  after: string[];
  locals: [name: string, value: string][];
}

export interface Exception {
  type: string;
  message: string;
  /** The innermost call first. */
  frames: Frame[];
}

export interface OccurrenceView {
  exceptions: Exception[];
  message: string | null;
  person: [name: string, value: string][];
  request: [name: string, value: string][];
  place: [name: string, value: string][];
  custom: [name: string, value: string][];
}

type Json = Record<string, unknown>;

function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};
}
function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
function lines(value: unknown): string[] {
  return list(value).map(text);
}

const library =
  /(^|\/)(site-packages|dist-packages|node_modules|vendor|gems|pkg\/mod|lib\/python[\d.]+|usr\/lib|usr\/local\/go)(\/|$)|^(<frozen|node:|java\.|jdk\.)/;

export function isOwnCode(file: string): boolean {
  return !library.test(file);
}

/** A file as one speaks of it: from the program's root on. */
function underRoot(file: string, root: string): string {
  const folder = root.endsWith("/") ? root : `${root}/`;
  return root !== "" && file.startsWith(folder) ? file.slice(folder.length) : file;
}

function frameOf(value: unknown, root: string): Frame {
  const frame = object(value);
  const context = object(frame["context"]);
  const file = text(frame["filename"]) || text(frame["class_name"]);
  const code = text(frame["code"]);
  const named = { ...object(frame["locals"]), ...object(frame["kwargs"]) };
  return {
    file: underRoot(file, root),
    line: typeof frame["lineno"] === "number" && frame["lineno"] > 0 ? frame["lineno"] : null,
    method: text(frame["method"]),
    own: isOwnCode(file),
    before: lines(context["pre"]),
    code: code === "" ? null : code,
    after: lines(context["post"]),
    locals: Object.entries(named).map(([name, local]) => [name, text(local)]),
  };
}

function exceptionOf(value: unknown, root: string): Exception {
  const trace = object(value);
  const exception = object(trace["exception"]);
  return {
    type: text(exception["class"]) || "Error",
    message: text(exception["message"]) || text(exception["description"]),
    frames: list(trace["frames"])
      .map((frame) => frameOf(frame, root))
      .toReversed(),
  };
}

function pairs(source: Json, names: readonly string[]): [string, string][] {
  return names
    .map((name): [string, string] => [name, text(source[name])])
    .filter(([, value]) => value !== "" && value !== "{}" && value !== "[]");
}

export function readOccurrence(raw: string): OccurrenceView | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw);
  } catch {
    return null;
  }
  const whole = object(parsed);
  const data = "body" in whole ? whole : object(whole["data"]);
  const body = object(data["body"]);
  const traces =
    "trace_chain" in body ? list(body["trace_chain"]) : "trace" in body ? [body["trace"]] : [];
  const message = object(body["message"]);
  const server = object(data["server"]);
  const notifier = object(data["notifier"]);
  return {
    exceptions: traces.map((trace) => exceptionOf(trace, text(server["root"]))),
    message: "message" in body ? text(message["body"]) : null,
    person: pairs(object(data["person"]), ["id", "username", "email"]),
    request: pairs(object(data["request"]), [
      "method",
      "url",
      "user_ip",
      "query_string",
      "GET",
      "POST",
      "body",
      "params",
    ]),
    place: [
      ...pairs(data, [
        "environment",
        "code_version",
        "platform",
        "language",
        "framework",
        "context",
      ]),
      ...pairs(server, ["host", "root", "branch"]),
      ...pairs({ notifier: [notifier["name"], notifier["version"]].map(text).join(" ").trim() }, [
        "notifier",
      ]),
    ],
    custom: Object.entries(object(data["custom"])).map(([name, value]) => [name, text(value)]),
  };
}
