// SPDX-License-Identifier: Apache-2.0
// Cells of the table of groups: a measured number, and a group's value, which is a handle for filters.
import { Show, type JSX } from "solid-js";
import type { DataRow } from "../../api/types";
import { lookOf } from "../../charts/plot";
import { copy } from "../../app/notice";
import { errorIn, numberIn, valueLabel } from "../../model/answer";
import { unfilterable } from "../../model/filter";
import { CopyIcon } from "../../parts/Icons";
import { measure, measureText, type Unit } from "../../model/units";

export function Amount(props: { row: DataRow; name: string; unit: Unit }): JSX.Element {
  const parts = () => {
    const n = numberIn(props.row, props.name);
    return n === null ? null : measure(n, props.unit);
  };
  const error = (): number | null => errorIn(props.row, props.name);
  return (
    <Show when={parts()} fallback={<span class="mut">–</span>}>
      {(own) => (
        <span
          title={
            error() === null
              ? undefined
              : `± ${measureText(error() ?? 0, props.unit)} standard error`
          }
        >
          {own().value}
          <Show when={own().unit !== ""}>
            <span class="unit">{own().unit}</span>
          </Show>
        </span>
      )}
    </Show>
  );
}

export function GroupValue(props: {
  column: string;
  value: unknown;
  /** Which series the row is, in its first cell; null in the others. */
  series: number | null;
  held: boolean;
  onHold: () => void;
  /** Of the row's group with another. */
  compare: { words: string; run: () => void } | null;
  onFilter: (column: string, value: unknown, without: boolean) => void;
}): JSX.Element {
  const label = (): string => valueLabel(props.value);
  const tooLong = (): string | null => unfilterable(label());
  return (
    <td class="gv" classList={{ k1: props.series !== null }}>
      <div class="row">
        <Show when={props.series !== null} fallback={<span class="cut">{label()}</span>}>
          <i class="sw" style={{ background: `var(--${lookOf(props.series ?? 0).token})` }} />
          <button
            class="nm cut"
            title={label()}
            aria-pressed={props.held}
            onClick={() => props.onHold()}
          >
            {label()}
          </button>
        </Show>
        <span class="acts">
          <button
            title={tooLong() ?? "Filter to it"}
            disabled={tooLong() !== null}
            aria-label={`Filter to ${props.column} = ${label()}`}
            onClick={() => props.onFilter(props.column, props.value, false)}
          >
            =
          </button>
          <button
            title={tooLong() ?? "Leave it out"}
            disabled={tooLong() !== null}
            aria-label={`Leave out ${props.column} = ${label()}`}
            onClick={() => props.onFilter(props.column, props.value, true)}
          >
            ≠
          </button>
          <Show when={props.compare}>
            {(compare) => (
              <button
                title={compare().words}
                aria-label={compare().words}
                onClick={() => compare().run()}
              >
                ⇄
              </button>
            )}
          </Show>
          <button
            title="Copy"
            aria-label={`Copy ${label()}`}
            onClick={() => copy(label(), "Value")}
          >
            <CopyIcon />
          </button>
        </span>
      </div>
    </td>
  );
}
