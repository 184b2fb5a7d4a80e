// SPDX-License-Identifier: Apache-2.0
// A query from question to answer: started, looked at while it runs, cancelled when nobody waits for it any more.
import { ApiError, ask, tell } from "./client";
import type { BubbleUp, BubbleUpRequest, Run, RunRequest, RunResult } from "./types";

const waitMs = 1000;

export interface Answer {
  run: Run;
  result: RunResult;
}

function answerOf(run: Run): Answer {
  if (run.state === "done" && run.result !== undefined) return { run, result: run.result };
  const { code, message, field } = run.error ?? { code: "UNKNOWN", message: "The query failed." };
  throw new ApiError("refused", code, message, null, field ?? null);
}

export async function runQuery(
  request: RunRequest,
  signal: AbortSignal,
  onProgress: (run: Run) => void = () => undefined,
): Promise<Answer> {
  let run = await tell("Run", "POST", "explore/runs", request, signal);
  const path = `explore/runs/${encodeURIComponent(run.id)}`;
  const giveUp = (): void => {
    // Nobody is left to be told if this fails; the run then ends at its deadline.
    tell("Run", "DELETE", path, undefined).catch(() => undefined);
  };
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    while (run.state === "waiting" || run.state === "running") {
      onProgress(run);
      run = await ask("Run", path, { wait_ms: waitMs }, signal);
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  return answerOf(run);
}

/** Grows while it runs: `onStep` gets what is known by now. */
export async function runBubbleUp(
  request: BubbleUpRequest,
  signal: AbortSignal,
  onStep: (known: BubbleUp) => void,
): Promise<BubbleUp> {
  let run = await tell("BubbleUpRun", "POST", "explore/bubbleups", request, signal);
  const path = `explore/bubbleups/${encodeURIComponent(run.id)}`;
  const giveUp = (): void => {
    tell("BubbleUpRun", "DELETE", path, undefined).catch(() => undefined);
  };
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    while (run.state === "waiting" || run.state === "running") {
      if (run.result !== undefined) onStep(run.result);
      run = await ask("BubbleUpRun", path, { wait_ms: waitMs, steps: run.steps }, signal);
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  if (run.state === "done" && run.result !== undefined) return run.result;
  const { code, message } = run.error ?? { code: "UNKNOWN", message: "The comparison failed." };
  throw new ApiError("refused", code, message);
}
