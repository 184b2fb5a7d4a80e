// SPDX-License-Identifier: Apache-2.0
// Lines and errors as points in time: each of a short trace, the loudest of each column of a long one's minimap.
import type { DoorName, TraceMinimap } from "../api/types";
import type { Line } from "./waterfall";

export interface Point {
  at: number;
  error: boolean;
  severity: number;
  door: DoorName;
  text: string;
}

export function pointsOfLines(lines: readonly Line[]): Point[] {
  return lines
    .filter(({ row }) => row.kind === "log" || row.kind === "error")
    .map(({ row, start }) => ({
      at: start,
      error: row.kind === "error",
      severity: row.severity ?? 0,
      door: row.door,
      text: row.name,
    }));
}

export function pointsOfMinimap(map: TraceMinimap, length: number): Point[] {
  return map.marks.map(({ column, error, severity, door }) => ({
    at: ((column + 0.5) * length) / map.columns,
    error,
    severity,
    door,
    text: "",
  }));
}
