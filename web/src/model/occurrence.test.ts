// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { isOwnCode, readOccurrence } from "./occurrence";

const chain = {
  environment: "dev",
  language: "python 3.11",
  server: { host: "app-01", root: "/srv" },
  person: { id: "7", username: "worf" },
  notifier: { name: "pyrollbar", version: "1.5.0" },
  custom: { trace_id: "a3f1", deep: { a: 1 } },
  request: { url: "http://localhost/api/boom", method: "GET", user_ip: "127.0.0.1", POST: {} },
  body: {
    trace_chain: [
      {
        exception: { class: "RuntimeError", message: "boom" },
        frames: [
          { filename: "/usr/lib/python3.11/threading.py", lineno: 1, method: "run" },
          {
            filename: "/srv/app.py",
            lineno: 47,
            method: "insert",
            code: "raise RuntimeError()",
            context: { pre: ["try:"], post: [""] },
            locals: { row: { a: 1 }, attempt: 2 },
          },
        ],
      },
      { exception: { class: "KeyError", message: "'missing'" }, frames: [] },
    ],
  },
};

test("reads a chain of exceptions, the innermost call first", () => {
  const view = readOccurrence(JSON.stringify(chain));
  expect(view?.exceptions.map(({ type, message }) => [type, message])).toEqual([
    ["RuntimeError", "boom"],
    ["KeyError", "'missing'"],
  ]);
  expect(view?.exceptions[0]?.frames.map(({ method, own }) => [method, own])).toEqual([
    ["insert", true],
    ["run", false],
  ]);
  expect(view?.exceptions[0]?.frames.map(({ file }) => file)).toEqual([
    "app.py",
    "/usr/lib/python3.11/threading.py",
  ]);
  expect(view?.exceptions[0]?.frames[0]?.locals).toEqual([
    ["row", '{"a":1}'],
    ["attempt", "2"],
  ]);
  expect(view?.person).toEqual([
    ["id", "7"],
    ["username", "worf"],
  ]);
  expect(view?.request.map(([name]) => name)).toEqual(["method", "url", "user_ip"]);
  expect(view?.custom[1]).toEqual(["deep", '{"a":1}']);
  expect(view?.place).toContainEqual(["notifier", "pyrollbar 1.5.0"]);
});

test("a message has no frames", () => {
  const view = readOccurrence('{"body":{"message":{"body":"hello"}}}');
  expect(view).toMatchObject({ message: "hello", exceptions: [], person: [] });
});

test("what is misplaced is left out, what is no JSON is nothing", () => {
  expect(
    readOccurrence('{"body":{"trace":{"frames":"none","exception":[]}},"person":7}'),
  ).toMatchObject({
    exceptions: [{ type: "Error", message: "", frames: [] }],
    person: [],
  });
  expect(readOccurrence("not json")).toBeNull();
  expect(readOccurrence("[]")?.exceptions).toEqual([]);
});

test("libraries are told from own code", () => {
  expect(isOwnCode("/srv/app/services/create_activity.py")).toBe(true);
  expect(isOwnCode("/venv/lib/python3.11/site-packages/flask/app.py")).toBe(false);
  expect(isOwnCode("/app/node_modules/express/lib/router.js")).toBe(false);
  expect(isOwnCode("node:internal/process")).toBe(false);
});
