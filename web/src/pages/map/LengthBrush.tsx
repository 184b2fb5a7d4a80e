// SPDX-License-Identifier: Apache-2.0
// A spread of lengths on a log scale; dragging over it, or the keys on it, choose a part.
import { createMemo, createSignal, For, type JSX } from "solid-js";
import { durationText } from "../../model/format";
import type { Lengths } from "../../model/mapSpans";

const ns = (bucket: number): bigint => BigInt(Math.floor(2 ** (bucket / 8)));

export function LengthBrush(props: {
  buckets: readonly (readonly number[])[];
  brush: Lengths | null;
  onBrush: (brush: Lengths | null) => void;
}): JSX.Element {
  const [drag, setDrag] = createSignal<{ from: number; to: number } | null>(null);
  let frame: HTMLElement | undefined;
  const first = (): number => (props.buckets[0]?.[0] ?? 0) - 1;
  const last = (): number => (props.buckets.at(-1)?.[0] ?? 0) + 1;
  const bars = createMemo((): { bucket: number; count: number; errors: number }[] => {
    const drawn = [];
    const known = new Map<number, readonly number[]>();
    for (const bucket of props.buckets) known.set(bucket[0] ?? 0, bucket);
    for (let bucket = first(); bucket <= last(); bucket++) {
      const [, count = 0, errors = 0] = known.get(bucket) ?? [];
      drawn.push({ bucket, count, errors });
    }
    return drawn;
  });
  const most = (): number => Math.max(1, ...bars().map((bar) => bar.count));
  const at = (clientX: number): number => {
    const rect = frame?.getBoundingClientRect();
    if (rect === undefined) return first();
    const share = Math.min(1, Math.max(0, (clientX - rect.left) / rect.width));
    return Math.min(last(), first() + Math.floor(share * (last() - first() + 1)));
  };
  const give = (from: number, to: number): void =>
    props.onBrush({ from: String(ns(Math.min(from, to))), to: String(ns(Math.max(from, to) + 1)) });
  const inside = (bucket: number): boolean => {
    const now = drag();
    if (now !== null)
      return bucket >= Math.min(now.from, now.to) && bucket <= Math.max(now.from, now.to);
    const { brush } = props;
    return (
      brush === null || (ns(bucket) >= BigInt(brush.from) && ns(bucket + 1) <= BigInt(brush.to))
    );
  };
  const finish = (): void => {
    const now = drag();
    setDrag(null);
    if (now !== null) give(now.from, now.to);
  };
  const slowest = (): void => {
    let left = props.buckets.reduce((sum, [, n = 0]) => sum + n, 0) / 20;
    const from = props.buckets.findLast(([, n = 0]) => (left -= n) <= 0)?.[0] ?? first();
    give(from, last());
  };
  const label = (): string =>
    `Lengths from ${durationText(ns(first() + 1))} to ${durationText(ns(last()))}`;
  return (
    <div class="lenbrush">
      <div
        class="bars"
        ref={(element) => (frame = element)}
        role="img"
        aria-label={label()}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: at(event.clientX), to: at(event.clientX) });
        }}
        onPointerMove={(event) => setDrag((old) => old && { ...old, to: at(event.clientX) })}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(null)}
      >
        <For each={bars()}>
          {(bar) => (
            <i
              classList={{ out: !inside(bar.bucket) }}
              style={{
                height: bar.count === 0 ? "0" : `max(1px, ${(bar.count / most()) * 100}%)`,
              }}
              title={`${durationText(ns(bar.bucket))}: ${bar.count}`}
            >
              <b style={{ height: `${bar.count === 0 ? 0 : (bar.errors / bar.count) * 100}%` }} />
            </i>
          )}
        </For>
      </div>
      <div class="ends mut">
        <span>{durationText(ns(first() + 1))}</span>
        <button class="link" onClick={slowest}>
          slowest 5 %
        </button>
        <span>{durationText(ns(last()))}</span>
      </div>
    </div>
  );
}
