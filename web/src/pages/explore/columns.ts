// SPDX-License-Identifier: Apache-2.0
// The catalogue of fields as offers: names with their types, values seen with a field.
import { createMemo, type Accessor } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { ColumnList } from "../../api/types";
import { count } from "../../model/format";
import type { Option } from "../../parts/Suggest";

export interface Columns {
  names: Accessor<Option[]>;
  /** Those that hold numbers in some row. */
  numbers: Accessor<Option[]>;
  valuesOf: (column: string) => Option[];
  datasets: Accessor<string[]>;
  refresh: () => void;
}

const examplesMax = 4;
const exampleMax = 24;

/** Some values of a field in one short line; undefined where none was seen. */
export function examplesText(examples: readonly string[]): string | undefined {
  const short = examples
    .filter((text) => text.trim() !== "")
    .slice(0, examplesMax)
    .map((text) => (text.length > exampleMax ? `${text.slice(0, exampleMax - 1)}…` : text));
  return short.length === 0 ? undefined : short.join(", ");
}

const prefixes = /^(root|parent|child|any|any2|any3|none)\./;

/** `calculated`: names of fields that the question defines itself. */
export function createColumns(
  dataset: Accessor<string>,
  calculated: Accessor<readonly string[]>,
): Columns {
  const query = createQuery<ColumnList>({
    key: () => `columns|${dataset()}`,
    ask: (signal) => ask("ColumnList", "explore/fields", { dataset: dataset() }, signal),
  });
  const fields = (): ColumnList["fields"] => query.data()?.fields ?? [];
  const offer = ({ name, types, rows, examples }: ColumnList["fields"][number]): Option => {
    const note = types.join(", ");
    return {
      text: name,
      note: rows === undefined ? note : `${note} · ${count(rows)}`,
      examples: examplesText(examples),
    };
  };
  const own = createMemo((): Option[] =>
    calculated().map((text) => ({ text, note: "calculated" })),
  );
  const names = createMemo(() => [...own(), ...fields().map(offer)]);
  const numbers = createMemo(() => [
    ...own(),
    ...fields()
      .filter(({ types }) => types.some((type) => type === "float" || type === "integer"))
      .map(offer),
  ]);
  const byName = createMemo(() => new Map(fields().map((field) => [field.name, field])));
  return {
    names,
    numbers,
    valuesOf: (column) =>
      (byName().get(column) ?? byName().get(column.replace(prefixes, "")))?.examples.map(
        (text) => ({
          text,
        }),
      ) ?? [],
    datasets: () => query.data()?.datasets ?? [],
    refresh: query.refresh,
  };
}
