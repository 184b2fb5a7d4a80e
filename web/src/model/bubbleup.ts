// SPDX-License-Identifier: Apache-2.0
// What a field's comparison says in one line, and which of its values are shown.
import type { BubbleUpField, BubbleUpShares, Filter } from "../api/types";
import { percent } from "./format";
import { parseValue } from "./spec";
import { tickText, unitOfField } from "./units";

export interface ShownValue {
  label: string;
  shares: BubbleUpShares;
  /** Rows of this value; null for the other values together. */
  filter: Filter | null;
}

export const shownMax = 6;

/** What the two sides of a comparison are called. */
export interface Sides {
  selection: string;
  rest: string;
}

export const restSides: Sides = { selection: "the selection", rest: "the rest" };

function gap({ selection, baseline }: BubbleUpShares): number {
  return Math.abs(selection - baseline);
}

function isSeen(shares: BubbleUpShares | undefined): shares is BubbleUpShares {
  return shares !== undefined && shares.selection_rows + shares.baseline_rows > 0;
}

/** The category's values, most of the selection first, then rows without the field and the rest. */
export function shownValues(field: BubbleUpField): ShownValue[] {
  const values = (field.values ?? [])
    .toSorted((a, b) => b.selection - a.selection || b.baseline - a.baseline)
    .slice(0, shownMax)
    .map((shares): ShownValue => {
      const text = shares.value ?? "";
      const value = parseValue(text);
      return {
        label: text === "" ? "empty" : text,
        shares,
        filter: { column: field.name, op: "=", value },
      };
    });
  if (isSeen(field.absent))
    values.push({
      label: "absent",
      shares: field.absent,
      filter: { column: field.name, op: "does-not-exist" },
    });
  if (isSeen(field.others) && values.length <= shownMax)
    values.push({ label: "others", shares: field.others, filter: null });
  return values;
}

export function binFilters(field: BubbleUpField, bin: BubbleUpShares): Filter[] {
  return [
    { column: field.name, op: ">=", value: bin.low ?? 0 },
    { column: field.name, op: "<", value: bin.high ?? 0 },
  ];
}

export interface Sentence {
  what: string;
  selection: string;
  baseline: string;
}

const share = (part: number): string => percent(part, 1);

/** Where the parts below a number differ most: "over 240" or "under 240". */
function ofNumber(field: BubbleUpField): Sentence | null {
  let [a, b] = [0, 0];
  let best: { at: number; a: number; b: number } | null = null;
  for (const bin of (field.bins ?? []).slice(0, -1)) {
    a += bin.selection;
    b += bin.baseline;
    if (best === null || Math.abs(a - b) > Math.abs(best.a - best.b))
      best = { at: bin.high ?? 0, a, b };
  }
  if (best === null) return null;
  const at = tickText(best.at, unitOfField(field.name));
  const present = (field.bins ?? []).reduce(
    (sum, bin) => ({ a: sum.a + bin.selection, b: sum.b + bin.baseline }),
    { a: 0, b: 0 },
  );
  const over = best.a < best.b;
  return over
    ? {
        what: `over ${at}`,
        selection: share(present.a - best.a),
        baseline: share(present.b - best.b),
      }
    : { what: `under ${at}`, selection: share(best.a), baseline: share(best.b) };
}

export function sentenceOf(field: BubbleUpField): Sentence | null {
  if (field.kind === "number" && (field.bins ?? []).length > 1) {
    const number = ofNumber(field);
    if (number !== null && (!isSeen(field.absent) || gap(field.absent) < field.difference))
      return number;
  }
  const all: { label: string; shares: BubbleUpShares }[] = (field.values ?? []).map((shares) => ({
    label: shares.value ?? "",
    shares,
  }));
  if (isSeen(field.absent)) all.push({ label: "absent", shares: field.absent });
  // What the selection has more of tells more than what it lacks.
  const weight = (shares: BubbleUpShares): number =>
    gap(shares) * (shares.selection > shares.baseline ? 1 : 0.75);
  const best = all.toSorted((x, y) => weight(y.shares) - weight(x.shares))[0];
  if (best === undefined) return null;
  const { selection, baseline } = best.shares;
  return { what: best.label, selection: share(selection), baseline: share(baseline) };
}
