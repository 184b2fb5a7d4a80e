// SPDX-License-Identifier: Apache-2.0
// The doors as the page tells them apart: a letter, a name, always in this order. Also the words for joins.
import { plural } from "./format";
import type { DoorCount, DoorName, JoinKind, Status } from "../api/types";

export interface DoorLook {
  door: DoorName;
  letter: string;
  name: string;
  /** CSS class of the mark and of the colours. */
  mark: string;
  carries: string;
}

export const fourDoors: DoorLook[] = [
  { door: "otlp", letter: "O", name: "OTLP", mark: "o", carries: "traces, logs, metrics" },
  { door: "xray", letter: "X", name: "X-Ray", mark: "x", carries: "segments" },
  { door: "cloudwatch", letter: "C", name: "CloudWatch", mark: "c", carries: "lines" },
  { door: "rollbar", letter: "R", name: "Rollbar", mark: "r", carries: "items" },
];

const honeycomb: DoorLook = {
  door: "honeycomb",
  letter: "H",
  name: "Honeycomb",
  mark: "h",
  carries: "events",
};

/** Those with a place of their own, and Honeycomb's once something came through it: the server lists it then. */
export function doorsOf(status: Status | undefined): DoorLook[] {
  const heard = status?.doors.some(({ door }) => door === "honeycomb") ?? false;
  return heard ? [...fourDoors, honeycomb] : fourDoors;
}

export function lookOf(door: DoorName): DoorLook {
  return fourDoors.find((look) => look.door === door) ?? honeycomb;
}

export const joinWords: Record<JoinKind, string> = {
  same_id: "same id",
  carried: "carried id",
  same_record: "same line, two doors",
  evidence: "by evidence",
};

/** "9 spans, 2 lines" of one door, in its own words. */
export function countWords({ door, spans, logs, errors }: DoorCount): string {
  const words = (n: number, one: string): string[] => (n > 0 ? [plural(n, one)] : []);
  const parts = [
    ...words(spans, door === "xray" ? "segment" : "span"),
    ...words(logs, "line"),
    ...words(errors, door === "rollbar" ? "item" : "error"),
  ];
  return parts.join(", ");
}

export function severityLetter(severity: number): "E" | "W" | "I" | "D" {
  if (severity >= 17) return "E";
  if (severity >= 13) return "W";
  return severity >= 9 || severity === 0 ? "I" : "D";
}

/** The colour of a line's tick: errors and warnings have their own, the rest their door's. */
export function lineInk(door: DoorName, severity: number): string {
  const letter = severityLetter(severity);
  if (letter === "E") return "error";
  return letter === "W" ? "warn" : door === "honeycomb" ? "brand" : door;
}

export const severityNames = { E: "error", W: "warning", I: "info", D: "debug" } as const;
