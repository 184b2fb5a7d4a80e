// SPDX-License-Identifier: Apache-2.0
// Under the strip: what the answer took, over what it is, and what can be done with the question.
import { For, Show, type JSX } from "solid-js";
import { useServerState } from "../../app/status";
import type { View } from "../../app/view";
import { numberIn } from "../../model/answer";
import { count, percent } from "../../model/format";
import { boundsText } from "../../model/range";
import { allDatasets } from "../../model/spec";
import { Key } from "../../parts/Text";
import { countKey } from "./also";
import type { Columns } from "./columns";
import type { DefinedList } from "./DefinedRows";
import type { Saved } from "./saved";
import type { Explore } from "./state";

const offsets: [seconds: number, text: string][] = [
  [1800, "the half hour before"],
  [3600, "the hour before"],
  [7200, "two hours before"],
  [28_800, "eight hours before"],
  [86_400, "the day before"],
  [604_800, "the week before"],
  [2_419_200, "four weeks before"],
  [15_724_800, "half a year before"],
];

function elapsed(ms: number): string {
  return ms < 10
    ? `${ms.toFixed(1)} ms`
    : ms < 1000
      ? `${ms.toFixed(0)} ms`
      : `${(ms / 1000).toFixed(2)} s`;
}

export function InfoBar(props: {
  explore: Explore;
  columns: Columns;
  view: View;
  onDefine: (list: DefinedList) => void;
  onHistory: () => void;
  saved: Saved;
  onSave: () => void;
  onSaved: () => void;
  onJson: () => void;
}): JSX.Element {
  const server = useServerState();
  const answer = () => props.explore.answer.data();
  /** Null where the answer does not say it: formulas stand in place of all else. */
  const events = (): number | null => {
    const data = answer()?.result.data;
    if ((props.explore.query().formulas ?? []).length > 0) return null;
    return (
      numberIn(data?.total_by_aggregate, countKey) ?? numberIn(data?.results[0], countKey) ?? 0
    );
  };
  const bounds = (): string => {
    const result = answer()?.result;
    if (result === undefined) return "";
    const [from, to] = [result.start_time, result.end_time].map((s) => BigInt(s) * 1_000_000_000n);
    return boundsText({ from: from ?? 0n, to: to ?? 0n }, server.now());
  };
  const range = (): number => {
    const result = answer()?.result;
    return result === undefined ? 0 : result.end_time - result.start_time;
  };
  const datasets = (): string[] => {
    const own = props.explore.dataset();
    const known = props.columns.datasets();
    return own === allDatasets || known.includes(own) ? known : [own, ...known];
  };
  return (
    <div class="sub info">
      <Show
        when={props.explore.progress()}
        fallback={
          <Show
            when={answer()}
            fallback={<span>{props.explore.answer.waiting() ? "Asking" : "Not answered"}</span>}
          >
            {(own) => (
              <span>
                <b>{elapsed(own().run.elapsed_ms)}</b> over{" "}
                <Show
                  when={events() !== null}
                  fallback={
                    <>
                      <b>{count(own().run.rows_read)}</b> rows read
                    </>
                  }
                >
                  <b>{count(events() ?? 0)}</b> events
                </Show>
              </span>
            )}
          </Show>
        }
      >
        {(run) => (
          <span role="status">
            <b>{elapsed(run().elapsed_ms)}</b>, {count(run().rows_read)} rows read
            <Show when={run().rows_total > 0}>
              {" "}
              of {count(run().rows_total)}, <b>{percent(run().rows_read, run().rows_total)}</b>
            </Show>
          </span>
        )}
      </Show>
      <span class="not-s">{bounds()}</span>
      <label class="ds">
        <span class="sr">Dataset</span>
        <select
          class="bare"
          value={props.explore.dataset()}
          onPointerDown={() => props.columns.refresh()}
          onChange={(event) => props.explore.setDataset(event.currentTarget.value)}
        >
          <option value={allDatasets}>in all datasets</option>
          <For each={datasets()}>{(name) => <option value={name}>in {name}</option>}</For>
        </select>
      </label>
      <Show when={props.saved.open()}>
        {(own) => (
          <button
            class="ctl sm quiet open-q"
            title={`${own().name}: rename, update or delete what is saved`}
            onClick={() => props.onSaved()}
          >
            <span class="cut">{own().name}</span>
            <Show when={props.saved.changes().length > 0}>
              <em>changed</em>
            </Show>
          </button>
        )}
      </Show>
      <span class="grow" />
      <label>
        <span class="sr">Compare with an earlier time</span>
        <select
          class="bare"
          classList={{ held: (props.explore.query().compare_time_offset_seconds ?? 0) > 0 }}
          value={String(props.explore.query().compare_time_offset_seconds ?? 0)}
          onChange={(event) => {
            const offset = Number(event.currentTarget.value);
            props.explore.step((query) => ({ ...query, compare_time_offset_seconds: offset }));
          }}
        >
          <option value="0">Compare with…</option>
          <For each={offsets.filter(([seconds]) => seconds >= range())}>
            {([seconds, text]) => <option value={String(seconds)}>{text}</option>}
          </For>
        </select>
      </label>
      <button
        class="ctl sm quiet"
        id="add-calculated_fields"
        title="A field calculated for each event (D)"
        onClick={() => props.onDefine("calculated_fields")}
      >
        + Field
      </button>
      <button
        class="ctl sm quiet"
        id="add-formulas"
        title="A number calculated of the calculations (F)"
        onClick={() => props.onDefine("formulas")}
      >
        + Formula
      </button>
      <button class="ctl sm quiet not-s" onClick={() => props.onJson()}>
        JSON
      </button>
      <button class="ctl sm quiet" onClick={() => props.onHistory()}>
        History
      </button>
      <Show when={props.saved.changes().length > 0}>
        <button class="ctl sm main" onClick={() => props.onSaved()}>
          Update <Key>U</Key>
        </button>
      </Show>
      <button class="ctl sm" onClick={() => props.onSave()}>
        Save <span class="not-s">{props.saved.open() === null ? "to board" : "as"}</span>{" "}
        <Key>S</Key>
      </button>
    </div>
  );
}
