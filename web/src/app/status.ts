// SPDX-License-Identifier: Apache-2.0
// What the server says about itself, asked every two seconds: addresses, counters of each door, open items. The rates
// of the doors are differences of counters over the last ten seconds.
import { createContext, createEffect, createSignal, on, useContext, type Accessor } from "solid-js";
import { ask } from "../api/client";
import { createQuery } from "../api/query";
import type { DoorName, Status } from "../api/types";

interface Sample {
  at: bigint;
  records: Map<DoorName, number>;
  /** Refused, throttled and dropped together. */
  refused: Map<DoorName, number>;
}

export interface ServerState {
  status: Accessor<Status | undefined>;
  /** Records per second through a door; null until they were counted twice. */
  rateOf: (door: DoorName) => number | null;
  /** What a door turned away in the last ten seconds. */
  refusedOf: (door: DoorName) => number;
  /** The server's clock, ns. Lists count back from it, not from the browser's. */
  now: () => bigint;
}

const spanNs = 10_000_000_000n;

/** Rates from the oldest to the newest sample; a counter that fell belongs to a server that began anew. */
export function ratesOf(samples: readonly Sample[]): Map<DoorName, number> {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return new Map();
  const seconds = Number(last.at - first.at) / 1e9;
  return new Map(
    [...last.records].map(([door, records]) => [
      door,
      Math.max(0, records - (first.records.get(door) ?? 0)) / seconds,
    ]),
  );
}

/** How many requests each door refused between the oldest and the newest sample. */
export function refusalsOf(samples: readonly Sample[]): Map<DoorName, number> {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  return new Map(
    [...last.refused].map(([door, refused]) => [door, refused - (first.refused.get(door) ?? 0)]),
  );
}

export function withSample(samples: readonly Sample[], status: Status): Sample[] {
  const sample: Sample = {
    at: BigInt(status.now_ns),
    records: new Map(status.doors.map(({ door, records }) => [door, records])),
    refused: new Map(
      status.doors.map(({ door, refused, throttled, dropped }) => [
        door,
        refused + throttled + dropped,
      ]),
    ),
  };
  const last = samples.at(-1);
  const restarted =
    last !== undefined &&
    (sample.at < last.at ||
      [...sample.records].some(([door, records]) => records < (last.records.get(door) ?? 0)));
  if (restarted) return [sample];
  return [...samples.filter(({ at }) => at >= sample.at - spanNs), sample];
}

export function createServerState(): ServerState {
  let offsetNs = 0n;
  const [rates, setRates] = createSignal<Map<DoorName, number>>(new Map());
  const [refusals, setRefusals] = createSignal<Map<DoorName, number>>(new Map());
  const query = createQuery<Status>({
    key: () => "status",
    ask: (signal) => ask("Status", "status", {}, signal),
    every: () => 2000,
  });
  let samples: Sample[] = [];
  createEffect(
    on(query.data, (status) => {
      if (status === undefined) return;
      offsetNs = BigInt(status.now_ns) - BigInt(Date.now()) * 1_000_000n;
      samples = withSample(samples, status);
      setRates(ratesOf(samples));
      setRefusals(refusalsOf(samples));
    }),
  );
  return {
    status: query.data,
    rateOf: (door) => rates().get(door) ?? null,
    refusedOf: (door) => refusals().get(door) ?? 0,
    now: () => BigInt(Date.now()) * 1_000_000n + offsetNs,
  };
}

export const ServerStateContext = createContext<ServerState>();

export function useServerState(): ServerState {
  const state = useContext(ServerStateContext);
  if (state === undefined) throw new Error("no server state above this part");
  return state;
}
