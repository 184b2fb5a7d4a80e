// SPDX-License-Identifier: Apache-2.0
// A query from question to answer: started, looked at while it runs, cancelled when nobody waits for it any more.
import { ApiError, ask, tell, type Params } from "./client";
import type { Answers, BubbleUp, BubbleUpRequest, Run, RunRequest, RunResult } from "./types";

const waitMs = 1000;

export interface Answer {
  run: Run;
  result: RunResult;
}

type Running = "Run" | "BubbleUpRun";

/** Starts it and looks at it until it is over; `onStep` gets each look, and says what the next one asks. */
async function follow<Name extends Running>(
  name: Name,
  path: string,
  request: RunRequest | BubbleUpRequest,
  signal: AbortSignal,
  onStep: (run: Answers[Name]) => Params,
): Promise<Answers[Name]> {
  let run = await tell(name, "POST", path, request, signal);
  const own = `${path}/${encodeURIComponent(run.id)}`;
  const giveUp = (): void => {
    // Nobody is left to be told if this fails; the run then ends at its deadline.
    tell(name, "DELETE", own, undefined).catch(() => undefined);
  };
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    while (run.state === "waiting" || run.state === "running")
      run = await ask(name, own, { wait_ms: waitMs, ...onStep(run) }, signal);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  return run;
}

function failureOf(error: Run["error"], otherwise: string): ApiError {
  const { code, message, field } = error ?? { code: "UNKNOWN", message: otherwise };
  return new ApiError("refused", code, message, null, field ?? null);
}

export async function runQuery(
  request: RunRequest,
  signal: AbortSignal,
  onProgress: (run: Run) => void = () => undefined,
): Promise<Answer> {
  const run = await follow("Run", "explore/runs", request, signal, (now) => {
    onProgress(now);
    return {};
  });
  if (run.state === "done" && run.result !== undefined) return { run, result: run.result };
  throw failureOf(run.error, "The query failed.");
}

/** Grows while it runs: `onStep` gets what is known by now. */
export async function runBubbleUp(
  request: BubbleUpRequest,
  signal: AbortSignal,
  onStep: (known: BubbleUp) => void,
): Promise<BubbleUp> {
  const run = await follow("BubbleUpRun", "explore/bubbleups", request, signal, (now) => {
    if (now.result !== undefined) onStep(now.result);
    return { steps: now.steps };
  });
  if (run.state === "done" && run.result !== undefined) return run.result;
  throw failureOf(run.error, "The comparison failed.");
}
