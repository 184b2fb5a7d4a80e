// SPDX-License-Identifier: Apache-2.0
// One line of the waterfall: a span (solid where it worked itself), an X-Ray segment (hatched), a log line (tick), an
// error (triangle). What lies outside the part in sight leaves an arrow at the edge.
import { createEffect, For, Match, Show, Switch, type Accessor, type JSX } from "solid-js";
import { lineInk, lookOf } from "../../model/doors";
import { count, durationText } from "../../model/format";
import { awaited } from "../../model/longTrace";
import type { Line } from "../../model/waterfall";
import type { Window } from "../../charts/Minimap";
import { DoorMark } from "../../parts/DoorMark";
import { Found, Level } from "../../parts/Text";
import { Spread } from "./Spread";

function Bar(props: { line: Line; window: Window }): JSX.Element {
  const wide = (): number => props.window.to - props.window.from;
  const x = (at: number): number => ((at - props.window.from) / wide()) * 100;
  const left = (): number => Math.max(0, x(props.line.start));
  const right = (): number => Math.min(100, x(props.line.end));
  const outside = (): "left" | "right" | null => {
    if (props.line.end < props.window.from) return "left";
    return props.line.start > props.window.to ? "right" : null;
  };
  const inside = (): boolean => left() > 90;
  const row = (): Line["row"] => props.line.row;
  const length = (): string => {
    const { group } = props.line;
    if (group !== null) return `${durationText(BigInt(group.total_ns))} in all`;
    return row().open ? "still running" : durationText(BigInt(row().duration_ns));
  };
  const at = (): string => `at ${durationText(BigInt(Math.max(0, Math.round(props.line.start))))}`;
  const ink = (): string =>
    row().kind === "log" ? lineInk(row().door, row().severity ?? 0) : lineInk(row().door, 0);
  return (
    <Switch
      fallback={
        <>
          <i
            class={`b ${lookOf(row().door).mark}`}
            classList={{
              bad: row().error,
              open: row().open ?? false,
              gone: row().kind === "missing",
              many: props.line.group !== null,
            }}
            style={{ left: `${left()}%`, width: `${Math.max(0, right() - left())}%` }}
          >
            <Show when={row().door !== "xray"}>
              <For each={props.line.own}>
                {([from, to]) => {
                  const start = props.line.start;
                  const span = props.line.end - start;
                  const part = (share: number): number =>
                    Math.min(100, Math.max(0, x(start + share * span)));
                  const bar = (): number => Math.max(1e-9, right() - left());
                  return (
                    <u
                      style={{
                        left: `${((part(from) - left()) / bar()) * 100}%`,
                        width: `${((part(to) - part(from)) / bar()) * 100}%`,
                      }}
                    />
                  );
                }}
              </For>
            </Show>
          </i>
          <For each={props.line.critical}>
            {([from, to]) => (
              <s
                class="cp"
                style={{
                  left: `${Math.min(100, Math.max(0, x(from)))}%`,
                  width: `${Math.min(100, Math.max(0, x(to))) - Math.min(100, Math.max(0, x(from)))}%`,
                }}
              />
            )}
          </For>
          <span
            class="dur"
            classList={{ in: inside() }}
            style={{ left: `${inside() ? left() : right()}%` }}
          >
            {length()}
          </span>
        </>
      }
    >
      <Match when={outside()}>
        {(side) => <span class={`off ${side()}`}>{side() === "left" ? "◂" : "▸"}</span>}
      </Match>
      <Match when={row().kind === "error" || row().kind === "log" || row().kind === "event"}>
        <Show
          when={row().kind === "error"}
          fallback={<i class="pt" style={{ "left": `${left()}%`, "--dc": `var(--${ink()})` }} />}
        >
          <b class={`d ${lookOf(row().door).mark} at`} style={{ left: `${left()}%` }} />
        </Show>
        <span class="dur" classList={{ in: left() > 80 }} style={{ left: `${left()}%` }}>
          {at()}
        </span>
      </Match>
    </Switch>
  );
}

/** What stands at the right of a name. */
function note(line: Line, depth: number): string {
  const { row, group } = line;
  if (group !== null) return `median ${durationText(BigInt(group.median_ns))}`;
  if (row.kind === "log") return row.also_door === undefined ? "" : "two doors";
  if (row.segment !== undefined) return row.segment;
  if (row.kind === "error" && row.item !== undefined) return `item ${row.item}`;
  return depth === 0 || row.span_kind === "server" ? (row.service ?? "") : "";
}

export function WaterfallRow(props: {
  line: Accessor<Line>;
  index: number;
  window: Window;
  selected: boolean;
  find: string;
  onSelect: () => void;
  onFold: (fold: boolean) => void;
  /** Called with its place when it comes into sight before its line is here. */
  onAwait: (index: number) => void;
}): JSX.Element {
  const line = (): Line => props.line();
  const row = (): Line["row"] => line().row;
  const isLine = (): boolean => row().kind === "log";
  createEffect(() => {
    if (line() === awaited) props.onAwait(props.index);
  });
  return (
    <Show
      when={line() !== awaited}
      fallback={<div class="r await" role="row" aria-rowindex={props.index + 2} aria-busy="true" />}
    >
      <div
        class="r"
        classList={{ log: isLine(), errr: row().kind === "error" }}
        role="row"
        aria-level={line().depth + 1}
        aria-rowindex={props.index + 2}
        aria-selected={props.selected}
        aria-expanded={line().parent ? line().open : undefined}
        tabindex={props.selected ? 0 : -1}
        data-row={line().id}
        onClick={() => props.onSelect()}
      >
        <div class="nm" role="gridcell" style={{ "--dp": Math.min(line().depth, 12) }}>
          <span
            class="tw"
            onClick={(event) => {
              if (!line().parent) return;
              event.stopPropagation();
              props.onFold(line().open);
            }}
          >
            {line().parent ? (line().open ? "▾" : "▸") : ""}
          </span>
          <DoorMark door={row().door} />
          <Show when={row().also_door}>{(door) => <DoorMark door={door()} />}</Show>
          <Show when={isLine()}>
            <Level severity={row().severity ?? 0} />
          </Show>
          <span
            class="cut"
            classList={{
              "err med": row().kind === "error",
              "med": row().error,
              "gone": row().kind === "missing" || row().name === "",
            }}
            title={row().name}
          >
            <Found text={row().name || "no name"} find={props.find} />
          </span>
          <Show when={line().group}>
            {(group) => (
              <>
                <b class="many-of num">×{count(group().count)}</b>
                <Spread group={group()} />
              </>
            )}
          </Show>
          <Show when={row().error && row().kind === "span"}>
            <span class="err str" title="Error">
              !
            </span>
          </Show>
          <Show when={row().join === "evidence"}>
            <span class="ev" title="Joined by evidence">
              ╌
            </span>
          </Show>
          <span class="sv">{note(line(), line().depth)}</span>
        </div>
        <div class="tl" role="gridcell">
          <Bar line={line()} window={props.window} />
        </div>
      </div>
    </Show>
  );
}
