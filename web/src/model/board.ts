// SPDX-License-Identifier: Apache-2.0
// The grid of a board: twelve columns, panels that never cover one another. A step (add, move, grow) puts one panel where
// it is wanted and lets the others make room downwards; then everything moves up as far as it goes.
import type { BoardPanel } from "../api/types";

export const columns = 12;
export const widthMin = 2;
export const heightMin = 1;
const sizes: Record<string, { width: number; height: number }> = {
  query: { width: 6, height: 4 },
  text: { width: 6, height: 2 },
};

export type Position = NonNullable<BoardPanel["position"]>;

const clamp = (n: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, n));

function covers(a: Position, b: Position): boolean {
  return (
    a.x_coordinate < b.x_coordinate + b.width &&
    b.x_coordinate < a.x_coordinate + a.width &&
    a.y_coordinate < b.y_coordinate + b.height &&
    b.y_coordinate < a.y_coordinate + a.height
  );
}

function inGrid(position: Position): Position {
  const width = clamp(Math.round(position.width), widthMin, columns);
  return {
    width,
    height: clamp(Math.round(position.height), heightMin, 24),
    x_coordinate: clamp(Math.round(position.x_coordinate), 0, columns - width),
    y_coordinate: Math.max(0, Math.round(position.y_coordinate)),
  };
}

const topOf = (panel: BoardPanel): number => panel.position?.y_coordinate ?? 0;
const leftOf = (panel: BoardPanel): number => panel.position?.x_coordinate ?? 0;

/** Each panel as high up as it goes, in reading order; `first` goes before what it covers. */
function settle(panels: readonly BoardPanel[], first: BoardPanel | null): BoardPanel[] {
  const order = panels.toSorted(
    (a, b) =>
      topOf(a) - topOf(b) || Number(b === first) - Number(a === first) || leftOf(a) - leftOf(b),
  );
  const placed = new Map<BoardPanel, Position>();
  for (const panel of order) {
    const at = inGrid(panel.position ?? { x_coordinate: 0, y_coordinate: 0, width: 6, height: 4 });
    let y = 0;
    for (const other of placed.values())
      if (covers({ ...at, y_coordinate: 0, height: Infinity }, other))
        y = Math.max(y, other.y_coordinate + other.height);
    placed.set(panel, { ...at, y_coordinate: y });
  }
  return panels.map((panel) => {
    const position = placed.get(panel);
    return position === undefined ? panel : { ...panel, position };
  });
}

/** Panels as another program wrote them: those without a place get one, and none covers another. */
export function laidOut(panels: readonly BoardPanel[]): BoardPanel[] {
  let all = settle(
    panels.filter(({ position }) => position !== undefined),
    null,
  );
  const missing = panels.filter(({ position }) => position === undefined);
  for (const panel of missing) all = withPanel(all, panel);
  return settle(all, null);
}

/** Added at the first free place, in reading order. */
export function withPanel(
  panels: readonly BoardPanel[],
  panel: BoardPanel,
  charts = 1,
): BoardPanel[] {
  const own = sizes[panel.type] ?? { width: 6, height: 4 };
  const size = { ...own, height: own.height + 2 * Math.max(0, Math.min(3, charts - 1)) };
  const taken = panels.flatMap(({ position }) => position ?? []);
  const bottom = Math.max(0, ...taken.map((own) => own.y_coordinate + own.height));
  for (let y = 0; y <= bottom; y++)
    for (let x = 0; x + size.width <= columns; x++) {
      const position = { x_coordinate: x, y_coordinate: y, ...size };
      if (!taken.some((own) => covers(own, position))) return [...panels, { ...panel, position }];
    }
  return [...panels, { ...panel, position: { x_coordinate: 0, y_coordinate: bottom, ...size } }];
}

export function withoutPanel(panels: readonly BoardPanel[], index: number): BoardPanel[] {
  return settle(
    panels.filter((_, at) => at !== index),
    null,
  );
}

/** One panel at another place or of another size; the others make room. */
export function placed(
  panels: readonly BoardPanel[],
  index: number,
  wanted: Position,
): BoardPanel[] {
  const position = inGrid(wanted);
  const moved = panels.map((panel, at) => (at === index ? { ...panel, position } : panel));
  return settle(moved, moved[index] ?? null);
}

/** A step by the keys: one column or row, or past the neighbour above or below. */
export function nudged(
  panels: readonly BoardPanel[],
  index: number,
  dx: number,
  dy: number,
): BoardPanel[] {
  const own = panels[index]?.position;
  if (own === undefined) return [...panels];
  if (dy === 0) return placed(panels, index, { ...own, x_coordinate: own.x_coordinate + dx });
  const inWay = panels
    .flatMap(({ position }, at) => (position === undefined || at === index ? [] : [position]))
    .filter((other) =>
      covers({ ...other, y_coordinate: 0, height: 1 }, { ...own, y_coordinate: 0, height: 1 }),
    )
    .filter((other) =>
      dy < 0
        ? other.y_coordinate + other.height === own.y_coordinate
        : other.y_coordinate === own.y_coordinate + own.height,
    );
  if (inWay.length === 0) return [...panels];
  const y =
    dy < 0
      ? Math.min(...inWay.map((other) => other.y_coordinate))
      : Math.max(...inWay.map((other) => other.y_coordinate + other.height - own.height));
  // Down: what is beneath moves up first, so this one must stand behind it.
  if (dy > 0) {
    const swapped = panels.map((panel, at) =>
      at === index ? { ...panel, position: { ...own, y_coordinate: y + own.height } } : panel,
    );
    return settle(swapped, null);
  }
  return placed(panels, index, { ...own, y_coordinate: y });
}
