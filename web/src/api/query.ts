// SPDX-License-Identifier: Apache-2.0
// The one cache of server state. A query is asked again when its key changes, and every so often when it is live; the
// old answer stays until the new one is there, and the last good one stays when asking fails. Answers of keys seen
// before are there at once, so that Back shows what was left.
import { batch, createEffect, createSignal, on, onCleanup, untrack, type Accessor } from "solid-js";
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
}

export interface QueryOptions<T> {
  /** What is asked, without moving times; null asks nothing. */
  key: Accessor<string | null>;
  ask: (signal: AbortSignal) => Promise<T>;
  /** ms between two answers while live; null asks once. */
  every?: Accessor<number | null>;
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
  let running: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function settle(): void {
    running = null;
    setWaiting(false);
    const again = untrack(error)?.kind === "lost" ? 2000 : null;
    const every = untrack(() => options.every?.() ?? null) ?? again;
    clearTimeout(timer);
    if (every !== null) timer = setTimeout(run, document.hidden ? every * 4 : every);
  }

  function run(): void {
    const key = untrack(options.key);
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
          setData(() => value);
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
    on(options.key, (key) => {
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
  if (options.every) createEffect(on(options.every, () => running ?? run(), { defer: true }));
  onCleanup(() => {
    running?.abort();
    clearTimeout(timer);
  });
  return { data, error, waiting, answered, refresh: run };
}
