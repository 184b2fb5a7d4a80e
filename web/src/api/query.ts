// SPDX-License-Identifier: Apache-2.0
// The one cache of server state. A query is asked again when its key changes, and every so often when it is live; the
// old answer stays until the new one is there, and the last good one stays when asking fails. Answers of keys seen
// before are there at once, so that Back shows what was left.
import {
  batch,
  createEffect,
  createMemo,
  createSignal,
  on,
  onCleanup,
  untrack,
  type Accessor,
} from "solid-js";
import { ApiError } from "./client";

const kept = new Map<string, unknown>();
const keptMax = 60;

function keep(key: string, value: unknown): void {
  kept.delete(key);
  kept.set(key, value);
  const oldest = kept.size > keptMax ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
}

export interface Query<T> {
  data: Accessor<T | undefined>;
  error: Accessor<ApiError | null>;
  /** Asked for a new key and not answered yet: what `data` gives belongs to the key before. */
  waiting: Accessor<boolean>;
  /** The key that `data` answers. */
  answered: Accessor<string | null>;
  refresh: () => void;
  /** Gives up what is being asked; what was answered before stays. */
  cancel: () => void;
}

export interface QueryOptions<T> {
  /** What is asked, without moving times; null asks nothing. */
  key: Accessor<string | null>;
  ask: (signal: AbortSignal) => Promise<T>;
  /** ms between two answers while live; null asks once. */
  every?: (data: T | undefined) => number | null;
  /** Fields that may differ without anything to show anew, such as the time that reading took. */
  ignored?: readonly string[];
}

function sameBut(ignored: readonly string[], a: unknown, b: unknown): boolean {
  const without = (name: string, value: unknown): unknown =>
    ignored.includes(name) ? undefined : value;
  return JSON.stringify(a, without) === JSON.stringify(b, without);
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError("shape", "INTERNAL", error instanceof Error ? error.message : String(error));
}

export function createQuery<T>(options: QueryOptions<T>): Query<T> {
  const [data, setData] = createSignal<T | undefined>(undefined, { equals: false });
  const [error, setError] = createSignal<ApiError | null>(null);
  const [waiting, setWaiting] = createSignal(false);
  const [answered, setAnswered] = createSignal<string | null>(null);
  // Compared by its value: a key that is made of the URL is made anew with every step.
  const asked = createMemo(() => options.key());
  const every = createMemo(() => options.every?.(data()) ?? null);
  let running: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function settle(): void {
    running = null;
    setWaiting(false);
    const again = untrack(error)?.kind === "lost" ? 2000 : null;
    const pause = untrack(every) ?? again;
    clearTimeout(timer);
    if (pause !== null) timer = setTimeout(run, document.hidden ? pause * 4 : pause);
  }

  function run(): void {
    const key = untrack(asked);
    running?.abort();
    clearTimeout(timer);
    if (key === null) return;
    const mine = new AbortController();
    running = mine;
    untrack(() => options.ask(mine.signal)).then(
      (value) => {
        if (mine.signal.aborted) return;
        keep(key, value);
        batch(() => {
          // What is the same stays the same object, so that nothing on screen is made anew under the pointer.
          const old = untrack(data);
          const same =
            options.ignored !== undefined &&
            untrack(answered) === key &&
            sameBut(options.ignored, old, value);
          if (!same) setData(() => value);
          setAnswered(key);
          setError(null);
          settle();
        });
      },
      (reason: unknown) => {
        if (mine.signal.aborted) return;
        batch(() => {
          setError(asApiError(reason));
          settle();
        });
      },
    );
  }

  createEffect(
    on(asked, (key) => {
      setError(null);
      if (key === null) {
        running?.abort();
        setData(undefined);
        setAnswered(null);
        return;
      }
      if (kept.has(key)) {
        const old = kept.get(key) as T;
        setAnswered(key);
        setData(() => old);
      } else {
        setWaiting(true);
      }
      run();
    }),
  );
  createEffect(on(every, (now) => now !== null && running === null && run(), { defer: true }));
  onCleanup(() => {
    running?.abort();
    clearTimeout(timer);
  });
  const refresh = (): void => {
    setWaiting(untrack(options.key) !== null);
    run();
  };
  const cancel = (): void => {
    running?.abort();
    settle();
  };
  return { data, error, waiting, answered, refresh, cancel };
}
