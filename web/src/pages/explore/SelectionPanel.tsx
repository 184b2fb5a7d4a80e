// SPDX-License-Identifier: Apache-2.0
// Beside the charts: what sets the selection apart from the rest, field by field. It grows while it is computed.
import { createMemo, createSignal, For, Show, type JSX } from "solid-js";
import { createQuery } from "../../api/query";
import { runBubbleUp } from "../../api/run";
import type { BubbleUp, BubbleUpField, BubbleUpSelection } from "../../api/types";
import type { View } from "../../app/view";
import { spanText, valuesText } from "../../charts/Heatmap";
import type { Group } from "../../model/answer";
import { restSides, sentenceOf, type Sides } from "../../model/bubbleup";
import { count, plural } from "../../model/format";
import { compact, withBreakdown, withFilter, withoutTimes } from "../../model/spec";
import { unitOfField } from "../../model/units";
import { ErrorNote } from "../../parts/Notes";
import { Key } from "../../parts/Text";
import { FieldCompared, type Handles } from "./FieldCompared";
import type { Selected } from "./selected";
import { timesOfRange, type Explore } from "./state";

const rankedMax = 6;

export function SelectionPanel(props: {
  explore: Explore;
  view: View;
  selected: Selected;
  ref: (element: HTMLElement) => void;
  onTraces: () => void;
}): JSX.Element {
  const [known, setKnown] = createSignal<BubbleUp | null>(null);
  const box = () => props.explore.selection()?.box ?? { from: 0, to: 0, low: 0, high: 0 };
  const valuesOf = (group: Group): Record<string, unknown> => {
    const breakdowns = props.explore.query().breakdowns ?? [];
    return Object.fromEntries(breakdowns.map((name, at) => [name, group.values[at] ?? null]));
  };
  /** The box, and of a held series only its own events in it. */
  const selection = (): BubbleUpSelection => {
    const { from, to, low, high } = box();
    const column = props.selected.column();
    const held = props.explore.groups().find(({ key }) => key === props.explore.held());
    const whole = props.explore.selection()?.key === "";
    return {
      start_ns: `${from}000000000`,
      end_ns: `${to}000000000`,
      ...(whole
        ? {}
        : low === high
          ? { filters: [{ column, op: "=", value: low }] }
          : { column, low, high }),
      ...(held === undefined ? {} : { group: valuesOf(held) }),
    };
  };
  const groupOf = (key: string | null): Group | undefined =>
    props.explore.groups().find((group) => group.key === key);
  const other = createMemo(() => groupOf(props.explore.against()));
  /** The other group, over the same time; undefined: all the rest. */
  const baseline = (): BubbleUpSelection | undefined => {
    const group = other();
    if (group === undefined) return undefined;
    const { start_ns, end_ns } = selection();
    return { start_ns: start_ns ?? "", end_ns: end_ns ?? "", group: valuesOf(group) };
  };
  const sides = (): Sides => {
    const [own, theirs] = [groupOf(props.explore.held()), other()];
    return own === undefined || theirs === undefined
      ? restSides
      : { selection: own.label, rest: theirs.label };
  };
  const query = createQuery<BubbleUp>({
    key: () =>
      props.explore.selection() === null || props.explore.answer.data() === undefined
        ? null
        : `bubbleup|${props.explore.answer.answered() ?? ""}|${JSON.stringify([selection(), baseline()])}`,
    ask: (signal) =>
      runBubbleUp(
        {
          dataset: props.explore.dataset(),
          query: { ...compact(props.explore.query()), ...timesOfRange(props.view.range()) },
          selection: selection(),
          ...(baseline() === undefined ? {} : { baseline: baseline() ?? {} }),
        },
        signal,
        setKnown,
      ).finally(() => setKnown(null)),
  });
  const shown = (): BubbleUp | undefined => known() ?? query.data();
  const differing = (): BubbleUpField[] => (shown()?.fields ?? []).filter(({ score }) => score > 0);
  const ranked = (): BubbleUpField[] => differing().slice(0, rankedMax);
  const rest = (): BubbleUpField[] => {
    const first = new Set(ranked().map(({ name }) => name));
    return (shown()?.fields ?? []).filter(({ name }) => !first.has(name));
  };
  const handles: Handles = {
    onFilter: (...filters) => props.explore.step((own) => withFilter(own, ...filters)),
    onGroup: (field) => props.explore.step((own) => withBreakdown(own, field)),
  };
  const filterToIt = (): void => {
    const selected = props.explore.selection();
    if (selected === null) return;
    props.view.set({
      q: JSON.stringify(withoutTimes(props.selected.narrowed(selected))),
      range: null,
      from: `${selected.box.from}000000000`,
      to: `${selected.box.to}000000000`,
      sel: null,
      hold: null,
      vs: null,
    });
  };
  const what = (): string => {
    const held = props.explore.groups().find(({ key }) => key === props.explore.held());
    const values = valuesText(box().low, box().high, unitOfField(props.selected.column()));
    if (props.explore.selection()?.key === "") return held?.label ?? "";
    return held === undefined ? values : `${values}, ${held.label} alone`;
  };
  const title = (): string => {
    const { selection: own, rest } = sides();
    return other() === undefined
      ? "What sets the selection apart"
      : `What sets ${own} apart from ${rest}`;
  };
  const swap = (): void => {
    const [held, against] = [props.explore.held(), props.explore.against()];
    if (held !== null && against !== null) props.explore.compare(against, held);
  };
  const events = (): string => {
    const weight = shown()?.selection.weight ?? props.selected.total();
    return weight === null ? "…" : count(weight);
  };
  return (
    <aside
      class="bu"
      aria-label={
        other() === undefined
          ? "Selection against the rest"
          : `${sides().selection} against ${sides().rest}`
      }
      tabindex={-1}
      ref={(element) => props.ref(element)}
    >
      <div class="hd">
        <h2 class="row">
          <span class="cut" title={title()}>
            {title()}
          </span>
          <span class="grow" />
          <button class="link" onClick={() => props.explore.select(null)}>
            Clear <Key>Esc</Key>
          </button>
        </h2>
        <p>
          <b>{events()}</b> events
          <Show when={other() !== undefined && shown()}>
            {(own) => (
              <>
                {" "}
                against <b>{count(own().baseline.weight)}</b>
              </>
            )}
          </Show>
          , {spanText(box().from, box().to)}
          <Show when={other() === undefined}>, {what()}</Show>.{" "}
          <Show when={shown()} fallback={query.error() === null ? "Comparing." : ""}>
            {(own) => (
              <Show
                when={query.waiting()}
                fallback={`${plural(own().fields_total, "field")} compared in ${own().elapsed_ms.toFixed(0)} ms.`}
              >
                {count(own().fields_done)} of {plural(own().fields_total, "field")} compared.
              </Show>
            )}
          </Show>
        </p>
        <div class="row">
          <span class="key cut">
            <i class="of-sel" />
            {other() === undefined ? "selection" : sides().selection}
          </span>
          <span class="key cut">
            <i class="of-rest" />
            {sides().rest}
          </span>
          <span class="grow" />
          <Show when={other()}>
            <button class="ctl sm" title="The other way round" onClick={swap}>
              Swap
            </button>
          </Show>
          <button class="ctl sm" onClick={filterToIt}>
            Filter to it
          </button>
          <button class="ctl sm" onClick={() => props.onTraces()}>
            Slowest trace <Key>X</Key>
          </button>
        </div>
      </div>
      <ErrorNote error={query.error()} />
      <div
        class="scroll grow"
        tabindex="0"
        role="region"
        aria-label="Fields ranked by difference"
        aria-busy={query.waiting()}
      >
        <Show when={shown() !== undefined && !query.waiting() && ranked().length === 0}>
          <p class="none mut">
            Nothing differs beyond chance. More events, such as those of a longer time, may say
            more.
          </p>
        </Show>
        <ol class="mult">
          <For each={ranked()}>
            {(field, at) => (
              <FieldCompared field={field} rank={at() + 1} sides={sides()} handles={handles} />
            )}
          </For>
        </ol>
        <Show when={rest().length > 0}>
          <div class="more">
            <p>
              {ranked().length === 0
                ? `${plural(rest().length, "field")}, none beyond chance`
                : `${plural(rest().length, "more field differs", "more fields differ")} less`}
            </p>
            <ol>
              <For each={rest().slice(0, 40)}>
                {(field) => (
                  <li>
                    <button
                      class="cut"
                      title={`Group by ${field.name}`}
                      onClick={() => handles.onGroup(field.name)}
                    >
                      {field.name}
                    </button>
                    <i class="ib" style={{ width: `${Math.min(100, field.difference * 100)}%` }} />
                    <span class="num cut">{sentenceOf(field)?.what ?? ""}</span>
                  </li>
                )}
              </For>
            </ol>
          </div>
        </Show>
      </div>
    </aside>
  );
}
