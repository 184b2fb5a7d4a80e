// SPDX-License-Identifier: Apache-2.0
// Where the waterfall's lines come from: a short trace is here whole, a long one comes by pages. Both answer the same
// questions.
import type { Accessor } from "solid-js";
import type { ApiError } from "../../api/client";
import type { Row } from "../../api/types";
import type { Line, Look } from "../../model/waterfall";

/** What to go to: the next row with a text, the next that failed, or a certain one. */
export type Target = { text: string } | { error: true } | { row: string };

export interface Place {
  /** Of the line. */
  id: string;
  index: number;
}

export interface Hits {
  /** Which of them is chosen; null: none. */
  nth: number | null;
  count: number;
}

/** Everything about a row, and the lines and errors under it. */
export interface Detail {
  row: Row;
  logs: readonly Row[];
  errors: readonly Row[];
}

export interface RowSource {
  lines: Accessor<Line[]>;
  /** Says that the line is in sight. */
  want: (index: number) => void;
  /** Opens what hides the target and says where it then is. */
  find: (target: Target, after: string) => Promise<Place | null>;
  hits: Accessor<Hits | null>;
  /** Why lines that are awaited do not come; null: they do. */
  error: Accessor<ApiError | null>;
  detail: Accessor<Detail | undefined>;
}

export interface LookState {
  look: Accessor<Look>;
  setFolds: (folded: Iterable<string>, opened: Iterable<string>) => void;
  /** id of the chosen row; empty: the first. */
  chosen: Accessor<string>;
  text: Accessor<string>;
}

/** The row that a line's id belongs to: a group's is its first. */
export function rowIdOf(lineId: string): string {
  return lineId.replace(/^group-/, "");
}
