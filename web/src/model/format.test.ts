// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { ago, bytes, count, cutMiddle, durationText, percent, rate, shortId, toMs } from "./format";

test("durations keep three telling digits", () => {
  expect(durationText(0n)).toBe("0 µs");
  expect(durationText(850n)).toBe("0.85 µs");
  expect(durationText(412_000n)).toBe("412 µs");
  expect(durationText(8_520_000n)).toBe("8.52 ms");
  expect(durationText(55_480_000n)).toBe("55.5 ms");
  expect(durationText(612_300_000n)).toBe("612 ms");
  expect(durationText(3_141_592_653n)).toBe("3.14 s");
  expect(durationText(7_200_000_000_000n)).toBe("120 min");
});

test("nanoseconds survive what a double would round", () => {
  expect(toMs(1_795_530_726_279_123_456n - 1_795_530_726_279_000_000n)).toBe(0.123);
});

test("counts, rates and shares", () => {
  expect(count(1486)).toBe("1,486");
  expect(count(12_345_678)).toBe("12.3 M");
  expect(rate(null)).toBe("–");
  expect(rate(0)).toBe("0");
  expect(rate(0.01)).toBe("<0.1");
  expect(rate(0.2)).toBe("0.2");
  expect(rate(412.4)).toBe("412");
  expect(percent(31, 1486)).toBe("2.1 %");
  expect(percent(3, 4)).toBe("75 %");
  expect(percent(0, 0)).toBe("0 %");
  expect(bytes(1_234_567)).toBe("1.2 MB");
});

test("ids and routes are cut where they may be", () => {
  expect(shortId("a3f19c07e4d24b0c9d6f0e7712cc51b8")).toBe("a3f19c07e4d2…51b8");
  expect(shortId("77d04e6b91c2f01e")).toBe("77d04e6b91c2f01e");
  expect(cutMiddle("/api/activities", 40)).toBe("/api/activities");
  expect(cutMiddle("/api/some/very/long/route/name", 15)).toBe("/api/so…te/name");
});

test("ages", () => {
  const now = 1_000_000_000_000_000n;
  expect(ago(now, now)).toBe("now");
  expect(ago(now - 4_500_000_000n, now)).toBe("4 s ago");
  expect(ago(now - 240_000_000_000n, now)).toBe("4 min ago");
  expect(ago(now - 172_800_000_000_000n, now)).toBe("2 days ago");
});

test("lengths that no request has are still short", () => {
  expect(durationText(3n)).toBe("3 ns");
  expect(durationText(5n * 3600n * 1_000_000_000n)).toBe("5 h");
  expect(durationText(40n * 86_400n * 1_000_000_000n)).toBe("40 days");
  expect(durationText(2n ** 63n)).toBe("292 years");
  expect(count(1e18)).toBe("1.00e+18");
});
