// SPDX-License-Identifier: Apache-2.0
// Requests and errors over time: one bar a bucket, errors on top in red. Dragging chooses a time range.
import { createMemo, createSignal, Show, type JSX } from "solid-js";
import type { Histogram as Buckets } from "../api/types";
import { clock, count, minutes } from "../model/format";
import { createCanvas, type Paper } from "./canvas";

const left = 8;
const right = 16;
const foot = 16;

interface Brush {
  from: number;
  to: number;
}

function timeLabels(paper: Paper, buckets: Buckets, base: number): void {
  const { g, width, ink } = paper;
  const from = BigInt(buckets.from_ns);
  const span = BigInt(buckets.to_ns) - from;
  const parts = width < 500 ? 3 : 6;
  const fine = span < BigInt(parts) * 60_000_000_000n;
  const label = fine ? (ns: bigint) => clock(ns).seconds : minutes;
  for (let i = 0; i <= parts; i++) {
    const x = left + ((width - left - right) * i) / parts;
    g.textAlign = i === parts ? "right" : i > 0 ? "center" : "left";
    g.fillStyle = ink("muted");
    g.fillText(label(from + (span * BigInt(i)) / BigInt(parts)), x, base + 13);
    g.fillStyle = ink("border");
    g.fillRect(Math.round(x), base, 1, 3);
  }
}

function bars(paper: Paper, buckets: Buckets, base: number): void {
  const { g, width, ink } = paper;
  const max = Math.max(1, ...buckets.counts);
  const step = (width - left - right) / Math.max(1, buckets.counts.length);
  const scale = (base - 8) / max;
  for (const [i, all] of buckets.counts.entries()) {
    const bad = Math.min(all, buckets.errors[i] ?? 0);
    const x = left + i * step;
    const wide = Math.max(1, step - 1);
    // What happened at all is seen, however small beside the highest bar.
    const tall = all > 0 ? Math.max(1, all * scale) : 0;
    const red = bad > 0 ? Math.max(2, bad * scale) : 0;
    g.fillStyle = ink("quiet");
    g.fillRect(x, base - Math.max(0, tall - red), wide, Math.max(0, tall - red));
    g.fillStyle = ink("error");
    g.fillRect(x, base - Math.max(tall, red), wide, red);
  }
}

export function Histogram(props: {
  data: Buckets | undefined;
  onRange: (from: bigint, to: bigint) => void;
}): JSX.Element {
  const [hover, setHover] = createSignal<number | null>(null);
  const [brush, setBrush] = createSignal<Brush | null>(null);
  let canvas: HTMLCanvasElement | undefined;

  const share = (clientX: number): number => {
    const box = canvas?.getBoundingClientRect();
    if (box === undefined) return 0;
    const inner = box.width - left - right;
    return Math.min(1, Math.max(0, (clientX - box.left - left) / inner));
  };
  const at = (buckets: Buckets, part: number): bigint => {
    const from = BigInt(buckets.from_ns);
    const span = BigInt(buckets.to_ns) - from;
    return from + (span * BigInt(Math.round(part * 1e6))) / 1_000_000n;
  };
  const draw = createCanvas((paper) => {
    const buckets = props.data;
    const { g, width, height, ink } = paper;
    g.clearRect(0, 0, width, height);
    if (buckets === undefined) return;
    const base = height - foot;
    g.fillStyle = ink("grid");
    g.fillRect(left, base, width - left - right, 1);
    bars(paper, buckets, base);
    timeLabels(paper, buckets, base);
    const chosen = brush();
    if (chosen !== null) {
      const x = left + Math.min(chosen.from, chosen.to) * (width - left - right);
      const wide = Math.abs(chosen.to - chosen.from) * (width - left - right);
      g.globalAlpha = 0.16;
      g.fillStyle = ink("accent");
      g.fillRect(x, 2, wide, base - 2);
      g.globalAlpha = 1;
      g.strokeStyle = ink("accent");
      g.strokeRect(Math.round(x) + 0.5, 2.5, Math.round(wide), base - 3);
    }
  });
  const finish = (): void => {
    const chosen = brush();
    const buckets = props.data;
    setBrush(null);
    if (chosen === null || buckets === undefined || Math.abs(chosen.to - chosen.from) < 0.004)
      return;
    const [from, to] = [Math.min(chosen.from, chosen.to), Math.max(chosen.from, chosen.to)];
    props.onRange(at(buckets, from), at(buckets, to));
  };
  const label = createMemo(() => {
    const buckets = props.data;
    if (buckets === undefined) return "Requests over time, loading";
    const range = `${minutes(BigInt(buckets.from_ns))} to ${minutes(BigInt(buckets.to_ns))}`;
    return `${count(buckets.total)} requests, ${count(buckets.total_errors)} errors from ${range}`;
  });
  const tip = createMemo(() => {
    const part = hover();
    const buckets = props.data;
    if (part === null || buckets === undefined || buckets.counts.length === 0) return null;
    const n = buckets.counts.length;
    const i = Math.min(n - 1, Math.floor(part * n));
    const start = BigInt(buckets.from_ns) + BigInt(buckets.bucket_ns) * BigInt(i);
    const errors = buckets.errors[i] ?? 0;
    return {
      left: `calc(${left}px + (100% - ${left + right}px) * ${part})`,
      flip: part > 0.8,
      text: `${clock(start).seconds}  ${count(buckets.counts[i] ?? 0)} requests${errors > 0 ? `, ${count(errors)} errors` : ""}`,
    };
  });
  return (
    <div class="plot">
      <canvas
        ref={(element) => {
          canvas = element;
          draw(element);
        }}
        role="img"
        aria-label={label()}
        onPointerDown={(event) => {
          if (event.pointerType === "touch") return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setBrush({ from: share(event.clientX), to: share(event.clientX) });
        }}
        onPointerMove={(event) => {
          setHover(share(event.clientX));
          setBrush((old) => old && { from: old.from, to: share(event.clientX) });
        }}
        onPointerUp={finish}
        onPointerCancel={() => setBrush(null)}
        onPointerLeave={() => setHover(null)}
      />
      <Show when={tip()}>
        {(shown) => (
          <span class="tip" classList={{ flip: shown().flip }} style={{ left: shown().left }}>
            {shown().text}
          </span>
        )}
      </Show>
    </div>
  );
}
