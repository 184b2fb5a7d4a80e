// SPDX-License-Identifier: Apache-2.0
// The groups of an answer as a table: their numbers with bars, what of them is chosen, the slowest of each. Heads sort,
// a row holds its series, each value of a group can be filtered to or left out.
import { createMemo, For, Show, type JSX } from "solid-js";
import "../../styles/tables.css";
import type { DataRow, RunResult } from "../../api/types";
import { lookOf } from "../../charts/plot";
import {
  measuresOf,
  numberIn,
  valueIn,
  valueLabel,
  type Group,
  type MeasureInfo,
} from "../../model/answer";
import { count } from "../../model/format";
import { measureText, unitOfField } from "../../model/units";
import { countKey, errorsKey, slowestKey } from "./also";
import { Amount, GroupValue } from "./ResultCells";

export interface TableProps {
  result: RunResult;
  groups: Group[];
  /** Field of the slowest column. */
  slowField: string | null;
  held: string | null;
  /** The group that the held one is compared with. */
  against: string | null;
  /** How many events of each group are chosen; null: nothing is. */
  chosen: Map<string, number> | null;
  sort: string;
  onSort: (sort: string) => void;
  onHold: (key: string | null) => void;
  /** Null where there is no room for a comparison. */
  onCompare: ((key: string) => void) | null;
  onSlowest: (group: Group) => void;
  onFilter: (column: string, value: unknown, without: boolean) => void;
}

/** Groups as a head sorts them: `key:desc`; without that as the answer has them. */
export function sortedGroups(
  groups: readonly Group[],
  sort: string,
  chosen: Map<string, number> | null,
): Group[] {
  const match = /^(.*):(asc|desc)$/s.exec(sort);
  if (match === null) return [...groups];
  const [, key = "", way] = match;
  const sign = way === "desc" ? -1 : 1;
  const valueOf = (group: Group): unknown =>
    key === "skep.selected" ? (chosen?.get(group.key) ?? 0) : valueIn(group.row, key);
  return groups.toSorted((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    if (typeof x === "number" && typeof y === "number") return sign * (x - y);
    if (typeof x === "number" || typeof y === "number") return typeof x === "number" ? -1 : 1;
    return sign * valueLabel(x).localeCompare(valueLabel(y));
  });
}

export function ResultTable(props: TableProps): JSX.Element {
  const measures = createMemo(() => measuresOf(props.result).filter(({ op }) => op !== "HEATMAP"));
  const has = (key: string): boolean =>
    props.groups.some(({ row }) => Object.hasOwn(row.data, key));
  const ownCount = createMemo(() =>
    measures().some(
      ({ op, column, key }) => op === "COUNT" && column === undefined && key === "COUNT",
    ),
  );
  const columns = createMemo<MeasureInfo[]>(() => {
    const counted: MeasureInfo[] =
      !ownCount() && has(countKey)
        ? [{ key: countKey, op: "COUNT", column: undefined, unit: "count" }]
        : [];
    return [...counted, ...measures()];
  });
  const most = createMemo(
    () =>
      new Map(
        columns().map(({ key }) => [
          key,
          Math.max(0, ...props.groups.map(({ row }) => numberIn(row, key) ?? 0)),
        ]),
      ),
  );
  const rows = createMemo(() => sortedGroups(props.groups, props.sort, props.chosen));
  const indexOf = createMemo(() => new Map(props.groups.map(({ key }, at) => [key, at])));
  const more = createMemo(() => {
    const { total_by_aggregate: total, other_by_aggregate: other } = props.result.data;
    const all: [name: string, row: DataRow][] = [];
    const groups = props.result.breakdowns.length > 0;
    if (groups && other !== undefined) all.push(["OTHER", other]);
    if (groups && total !== undefined) all.push(["TOTAL", total]);
    return all;
  });
  const Head = (own: { name: string; text: string; num?: boolean }): JSX.Element => {
    const way = (): "asc" | "desc" | null =>
      props.sort === `${own.name}:desc` ? "desc" : props.sort === `${own.name}:asc` ? "asc" : null;
    return (
      <th
        classList={{ num: own.num === true }}
        aria-sort={way() === null ? undefined : way() === "desc" ? "descending" : "ascending"}
      >
        <button
          class="cut"
          onClick={() => props.onSort(way() === "desc" ? `${own.name}:asc` : `${own.name}:desc`)}
        >
          {own.text}
          {way() === null ? "" : way() === "desc" ? " ↓" : " ↑"}
        </button>
      </th>
    );
  };
  const labelOf = (key: string | null): string =>
    props.groups.find((group) => group.key === key)?.label ?? "";
  /** What the button on a group's row does; there must be two. */
  const compareOf = (group: Group): { words: string; run: () => void } | null => {
    const { onCompare } = props;
    if (onCompare === null || props.groups.length < 2) return null;
    const second = props.held !== null && props.held !== group.key;
    const words = second
      ? `Compare ${labelOf(props.held)} with ${group.label}`
      : `Compare ${group.label} with another group`;
    return { words, run: () => onCompare(group.key) };
  };
  const barColour = (key: string, group: Group): string =>
    key === countKey ? "var(--quiet)" : `var(--${lookOf(indexOf().get(group.key) ?? 0).token})`;
  return (
    <table class="grid rt" aria-label="Results">
      <thead>
        <tr>
          <For each={props.result.breakdowns}>{(name) => <Head name={name} text={name} />}</For>
          <Show when={props.result.breakdowns.length === 0}>
            <th>All events</th>
          </Show>
          <For each={columns()}>
            {({ key }) => (
              <>
                <Head name={key} text={key === countKey ? "COUNT" : key} num />
                <th class="bc">
                  <span class="sr">Bar</span>
                </th>
              </>
            )}
          </For>
          <Show when={has(errorsKey)}>
            <Head name={errorsKey} text="Errors" num />
          </Show>
          <Show when={props.chosen !== null}>
            <Head name="skep.selected" text="Selected" num />
          </Show>
          <Show when={has(slowestKey)}>
            <Head name={slowestKey} text="Slowest" num />
          </Show>
        </tr>
      </thead>
      <tbody>
        <For each={rows()}>
          {(group) => (
            <tr
              data-group={group.key}
              aria-selected={props.held === group.key || props.against === group.key}
              classList={{ against: props.against === group.key }}
              onClick={(event) => {
                if (event.target instanceof Element && event.target.closest("button") !== null)
                  return;
                props.onHold(props.held === group.key ? null : group.key);
              }}
            >
              <For each={props.result.breakdowns}>
                {(column, at) => (
                  <GroupValue
                    column={column}
                    value={group.values[at()]}
                    series={at() === 0 ? (indexOf().get(group.key) ?? 0) : null}
                    held={props.held === group.key}
                    onHold={() => props.onHold(props.held === group.key ? null : group.key)}
                    compare={at() === 0 ? compareOf(group) : null}
                    onFilter={props.onFilter}
                  />
                )}
              </For>
              <Show when={props.result.breakdowns.length === 0}>
                <td class="k1">all</td>
              </Show>
              <For each={columns()}>
                {({ key, unit }, at) => (
                  <>
                    <td
                      class="num"
                      classList={{
                        med: key !== countKey,
                        k2: key === countKey,
                        k4: key !== countKey && at() <= 1,
                      }}
                    >
                      <Amount row={group.row} name={key} unit={unit} />
                    </td>
                    <td class="bc">
                      <i
                        class="ib"
                        style={{
                          "width": `${((numberIn(group.row, key) ?? 0) / Math.max(1e-300, most().get(key) ?? 1)) * 100}%`,
                          "--bar": barColour(key, group),
                        }}
                      />
                    </td>
                  </>
                )}
              </For>
              <Show when={has(errorsKey)}>
                <td class="num k6">
                  <Amount row={group.row} name={errorsKey} unit="count" />
                </td>
              </Show>
              <Show when={props.chosen}>
                {(chosen) => (
                  <td
                    class="num sel"
                    classList={{
                      most: (chosen().get(group.key) ?? 0) === Math.max(1, ...chosen().values()),
                    }}
                  >
                    {count(chosen().get(group.key) ?? 0)}
                  </td>
                )}
              </Show>
              <Show when={has(slowestKey)}>
                <td class="num">
                  <Show
                    when={numberIn(group.row, slowestKey) !== null}
                    fallback={<span class="mut">–</span>}
                  >
                    <button
                      class="link"
                      title="Open the trace of the slowest"
                      onClick={() => props.onSlowest(group)}
                    >
                      {measureText(
                        numberIn(group.row, slowestKey) ?? 0,
                        unitOfField(props.slowField ?? ""),
                      )}
                    </button>
                  </Show>
                </td>
              </Show>
            </tr>
          )}
        </For>
        <For each={more()}>
          {([name, row]) => (
            <tr class="sum">
              <td class="k1" colspan={Math.max(1, props.result.breakdowns.length)}>
                {name}
              </td>
              <For each={columns()}>
                {({ key, unit }, at) => (
                  <>
                    <td
                      class="num"
                      classList={{ k2: key === countKey, k4: key !== countKey && at() <= 1 }}
                    >
                      <Amount row={row} name={key} unit={unit} />
                    </td>
                    <td class="bc" />
                  </>
                )}
              </For>
              <Show when={has(errorsKey)}>
                <td class="num k6">
                  <Amount row={row} name={errorsKey} unit="count" />
                </td>
              </Show>
              <Show when={props.chosen !== null}>
                <td />
              </Show>
              <Show when={has(slowestKey)}>
                <td />
              </Show>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
