// SPDX-License-Identifier: Apache-2.0
// One exchange with the server, its answer held against the promised shape. Three things can go wrong, and the page
// shows them differently: no answer (the connection is lost), a refusal with a reason, an answer of another shape.
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
    /** Its place in a query, such as `filters[1].op`, where there is one. */
    readonly field: string | null = null,
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
    const { error } = body as {
      error: { code: string; message: string; position?: number; field?: string };
    };
    const { code, message, position, field } = error;
    return new ApiError("refused", code, message, position ?? null, field ?? null);
  }
  return new ApiError("refused", "UNKNOWN", `The server answered ${status}.`);
}

async function exchange<Name extends keyof Answers>(
  name: Name,
  address: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Answers[Name]> {
  const { signal } = init;
  let response: Response;
  try {
    response = await fetch(address, { ...init, cache: "no-store" });
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

/** A question: asked again, it changes nothing. */
export function ask<Name extends keyof Answers>(
  name: Name,
  path: string,
  params: Params,
  signal: AbortSignal,
): Promise<Answers[Name]> {
  return exchange(name, addressOf(path, params), { signal });
}

/** An order: the answer says what came of it. */
export function tell<Name extends keyof Answers>(
  name: Name,
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body: unknown,
  signal: AbortSignal = new AbortController().signal,
): Promise<Answers[Name]> {
  const init: RequestInit =
    body === undefined
      ? { method }
      : { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  return exchange(name, addressOf(path), { ...init, signal });
}
