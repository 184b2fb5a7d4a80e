// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { BoardPanel } from "../api/types";
import { laidOut, nudged, placed, withoutPanel, withPanel } from "./board";

const query: BoardPanel = { type: "query" };
const at = (x: number, y: number, width = 6, height = 4): BoardPanel => ({
  type: "query",
  position: { x_coordinate: x, y_coordinate: y, width, height },
});
const places = (panels: BoardPanel[]): number[][] =>
  panels.map(({ position: p }) =>
    p === undefined ? [] : [p.x_coordinate, p.y_coordinate, p.width, p.height],
  );

test("panels are added where there is room first", () => {
  let panels: BoardPanel[] = [];
  for (let i = 0; i < 3; i++) panels = withPanel(panels, query);
  expect(places(panels)).toEqual([
    [0, 0, 6, 4],
    [6, 0, 6, 4],
    [0, 4, 6, 4],
  ]);
  expect(places(withPanel(panels, { type: "text" })).at(-1)).toEqual([6, 4, 6, 2]);
});

test("what is beneath a panel that goes moves up", () => {
  expect(places(withoutPanel([at(0, 0), at(6, 0), at(0, 4)], 0))).toEqual([
    [6, 0, 6, 4],
    [0, 0, 6, 4],
  ]);
});

test("a panel that grows pushes the others down, and none covers another", () => {
  const panels = placed([at(0, 0), at(6, 0), at(0, 4)], 0, {
    x_coordinate: 0,
    y_coordinate: 0,
    width: 9,
    height: 5,
  });
  expect(places(panels)).toEqual([
    [0, 0, 9, 5],
    [6, 5, 6, 4],
    [0, 5, 6, 4],
  ]);
});

test("nothing leaves the grid", () => {
  expect(
    places(placed([at(0, 0)], 0, { x_coordinate: 11, y_coordinate: -3, width: 40, height: 0 })),
  ).toEqual([[0, 0, 12, 1]]);
});

test("the keys move a panel past its neighbour and back", () => {
  const panels = [at(0, 0), at(0, 4, 6, 3)];
  const down = nudged(panels, 0, 0, 1);
  expect(places(down)).toEqual([
    [0, 3, 6, 4],
    [0, 0, 6, 3],
  ]);
  expect(places(nudged(down, 0, 0, -1))).toEqual(places(panels));
  expect(places(nudged(panels, 0, 1, 0))[0]).toEqual([1, 0, 6, 4]);
  expect(places(nudged(panels, 0, 0, -1))).toEqual(places(panels));
});

test("a board of another program is put in order: no place, or one upon another", () => {
  expect(places(laidOut([at(0, 0), at(3, 1), query]))).toEqual([
    [0, 0, 6, 4],
    [3, 4, 6, 4],
    [6, 0, 6, 4],
  ]);
});
