// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { mismatch } from "./check";

const request = {
  trace_id: "0af7651916cd43dd8448eb211c80319c",
  time_ns: "1795530726279000000",
  duration_ns: "612000000",
  name: "POST /api/activities",
  service: "backend-flask",
  door: "otlp",
  doors: [{ door: "xray", spans: 2, logs: 0, errors: 0, how: "evidence" }],
  error: true,
};

test("takes an answer that has the promised shape, and fields it does not know", () => {
  expect(mismatch("RequestList", { requests: [request], elapsed_ms: 1.5 })).toBeNull();
  expect(
    mismatch("RequestList", { requests: [{ ...request, more: 1 }], elapsed_ms: 2 }),
  ).toBeNull();
});

test("says where a field is missing", () => {
  const without = Object.fromEntries(
    Object.entries(request).filter(([name]) => name !== "time_ns"),
  );
  expect(mismatch("RequestList", { requests: [without], elapsed_ms: 1 })).toBe(
    "RequestList.requests[0].time_ns: missing",
  );
});

test("refuses nanoseconds as a number", () => {
  expect(mismatch("Request", { ...request, time_ns: 1795530726279000000 })).toBe(
    "Request.time_ns: not of type string",
  );
});

test("refuses an unknown door and a join of an unknown kind", () => {
  expect(mismatch("Request", { ...request, door: "fax" })).toContain("Request.door: not one of");
  const doors = [{ door: "xray", spans: 2, logs: 0, errors: 0, how: "luck" }];
  expect(mismatch("Request", { ...request, doors })).toContain("Request.doors[0].how");
});

test("refuses what is not an object at all", () => {
  expect(mismatch("Status", null)).toBe("Status: not an object");
  expect(mismatch("RequestList", [])).toBe("RequestList: not an object");
});
