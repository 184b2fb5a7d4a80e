// SPDX-License-Identifier: Apache-2.0
// Exceptions with their frames: own code open, runs of library frames folded to one line, the cause under what it caused.
import { createMemo, createSignal, For, Show, type JSX } from "solid-js";
import { cutMiddle, plural } from "../model/format";
import type { Exception, Frame } from "../model/occurrence";
import { LongText } from "./Text";

type Run = { kind: "own"; frame: Frame; first: boolean } | { kind: "library"; frames: Frame[] };

function runsOf(frames: readonly Frame[]): Run[] {
  const runs: Run[] = [];
  let seen = false;
  for (const frame of frames) {
    const last = runs.at(-1);
    if (frame.own) {
      runs.push({ kind: "own", frame, first: !seen });
      seen = true;
    } else if (last?.kind === "library") last.frames.push(frame);
    else runs.push({ kind: "library", frames: [frame] });
  }
  return runs;
}

const where = (frame: Frame): string => (frame.line === null ? "" : `line ${frame.line}`);

function Code(props: { frame: Frame }): JSX.Element {
  const first = (): number => (props.frame.line ?? 0) - props.frame.before.length;
  const rows = (): { n: number; text: string; at: boolean }[] => {
    const { before, code, after } = props.frame;
    return [
      ...before.map((text, i) => ({ n: first() + i, text, at: false })),
      ...(code === null ? [] : [{ n: props.frame.line ?? 0, text: code, at: true }]),
      ...after.map((text, i) => ({ n: (props.frame.line ?? 0) + 1 + i, text, at: false })),
    ];
  };
  return (
    <Show when={rows().length > 0}>
      <pre class="code" tabindex={0} aria-label={`Code of ${props.frame.file}`}>
        <For each={rows()}>
          {(row) => (
            <span classList={{ at: row.at }} data-n={props.frame.line === null ? "" : row.n}>
              {row.text}
            </span>
          )}
        </For>
      </pre>
    </Show>
  );
}

function FrameView(props: { frame: Frame; open: boolean }): JSX.Element {
  return (
    <details class="fr" classList={{ lib: !props.frame.own }} open={props.open}>
      <summary title={props.frame.file}>
        <span>
          {cutMiddle(props.frame.file, 60)}
          <Show when={props.frame.method}>
            <span class="mut"> in </span>
            {props.frame.method}
          </Show>
        </span>
        <span>
          {where(props.frame)} {props.frame.own ? "· your code" : ""}
        </span>
      </summary>
      <Code frame={props.frame} />
      <Show when={props.frame.locals.length > 0}>
        <dl class="lo">
          <For each={props.frame.locals}>
            {([name, value]) => (
              <>
                <dt class="cut">{name}</dt>
                <dd class="cut" title={value}>
                  {value}
                </dd>
              </>
            )}
          </For>
        </dl>
      </Show>
    </details>
  );
}

function LibraryRun(props: { frames: readonly Frame[] }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const packages = createMemo(() => {
    const names = props.frames.map(
      (frame) =>
        /(?:site-packages|dist-packages|node_modules|gems|vendor)\/([^/]+)/.exec(frame.file)?.[1] ??
        frame.file.split("/").at(-1) ??
        "",
    );
    return [...new Set(names)].slice(0, 4).join(", ");
  });
  return (
    <Show
      when={open()}
      fallback={
        <button class="libs" onClick={() => setOpen(true)}>
          <span class="tw">▸</span>
          <span class="cut">
            {plural(props.frames.length, "frame")} in {packages()}
          </span>
          <span class="end">library</span>
        </button>
      }
    >
      <For each={props.frames}>{(frame) => <FrameView frame={frame} open={false} />}</For>
    </Show>
  );
}

export function Stack(props: { exceptions: readonly Exception[] }): JSX.Element {
  return (
    <For each={props.exceptions}>
      {(exception, index) => (
        <>
          <Show when={index() > 0}>
            <p class="link2">↑ raised while handling, caused by ↓</p>
          </Show>
          <p class="ex">
            <b>{exception.type}</b>
            <span>
              <LongText text={exception.message} />
            </span>
            <Show when={props.exceptions.length > 1}>
              <span class="n">
                {index() === 0 ? "raised last" : "raised before"} · {index() + 1} of{" "}
                {props.exceptions.length}
              </span>
            </Show>
          </p>
          <For each={runsOf(exception.frames)}>
            {(run) =>
              run.kind === "own" ? (
                <FrameView frame={run.frame} open={run.first} />
              ) : (
                <LibraryRun frames={run.frames} />
              )
            }
          </For>
          <Show when={exception.frames.length === 0}>
            <p class="link2">No frames were sent with it.</p>
          </Show>
        </>
      )}
    </For>
  );
}
