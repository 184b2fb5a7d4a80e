// SPDX-License-Identifier: Apache-2.0
// One GET to the server, its answer held against the promised shape. Three things can go wrong, and the page shows
// them differently: no answer (the connection is lost), a refusal with a reason, an answer of another shape.
import { createSignal } from "solid-js";
import { mismatch } from "./check";
import type { Answers } from "./types";

export class ApiError extends Error {
  constructor(
    readonly kind: "lost" | "refused" | "shape",
    readonly code: string,
    message: string,
    /** Byte in the filter text, where there is one. */
    readonly position: number | null = null,
  ) {
    super(message);
  }
}

export type Params = Record<string, string | number | null | undefined>;

/** Since when nothing answers, in ms of the browser's clock; null while it does. */
const [lostSince, setLostSince] = createSignal<number | null>(null);
export { lostSince };

export function addressOf(path: string, params: Params = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return `/api/ui/${path}${text === "" ? "" : `?${text}`}`;
}

function lost(reason: string): ApiError {
  setLostSince((since) => since ?? Date.now());
  return new ApiError("lost", "UNAVAILABLE", reason);
}

function refusal(status: number, body: unknown): ApiError {
  if (mismatch("Error", body) === null) {
    const { error } = body as { error: { code: string; message: string; position?: number } };
    return new ApiError("refused", error.code, error.message, error.position ?? null);
  }
  return new ApiError("refused", "UNKNOWN", `The server answered ${status}.`);
}

export async function ask<Name extends keyof Answers>(
  name: Name,
  path: string,
  params: Params,
  signal: AbortSignal,
): Promise<Answers[Name]> {
  let response: Response;
  try {
    response = await fetch(addressOf(path, params), { signal, cache: "no-store" });
  } catch (error) {
    if (signal.aborted) throw error;
    throw lost("The server does not answer.");
  }
  let body: unknown;
  try {
    body = await response.json();
  } catch (error) {
    if (signal.aborted) throw error;
    body = null;
  }
  setLostSince(null);
  if (!response.ok) throw refusal(response.status, body);
  const wrong = mismatch(name, body);
  if (wrong !== null)
    throw new ApiError("shape", "INTERNAL", `The server's answer is not as described: ${wrong}.`);
  return body as Answers[Name];
}
