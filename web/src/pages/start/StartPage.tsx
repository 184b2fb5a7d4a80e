// SPDX-License-Identifier: Apache-2.0
// Set-up: the addresses that truly listen with their counters, and what to copy by language. The home until the first
// event; then it makes way for Requests by itself.
import { useNavigate } from "@solidjs/router";
import { createEffect, createSignal, For, onCleanup, onMount, Show, type JSX } from "solid-js";
import type { DoorName, Status } from "../../api/types";
import { useKeys } from "../../app/keys";
import { copy } from "../../app/notice";
import { useServerState } from "../../app/status";
import { useView } from "../../app/view";
import { doorsOf, lookOf } from "../../model/doors";
import { ago, bytes, count } from "../../model/format";
import { DoorMark } from "../../parts/DoorMark";
import { Foot } from "../../parts/Foot";
import { Tabs } from "../../parts/Tabs";
import {
  addressesOf,
  languages,
  piecesOf,
  plainText,
  snippetsFor,
  type Addresses,
  type Language,
  type Snippet,
} from "./snippets";
import { WhatYouGet } from "./WhatYouGet";

const records = (status: Status): number =>
  status.doors.reduce((sum, door) => sum + door.records, 0);
const isEmpty = (status: Status): boolean => status.store.rows === 0 && records(status) === 0;

function addressOf(door: DoorName, at: Addresses): string {
  if (door === "otlp") return at.otlpHttp;
  if (door === "xray") return `udp ${at.xray}`;
  return door === "rollbar" ? `${at.http}/api/1/item/` : at.http;
}

export function StartPage(): JSX.Element {
  const server = useServerState();
  const view = useView();
  const navigate = useNavigate();
  const started = Date.now();
  const [seconds, setSeconds] = createSignal(0);
  let begunEmpty: boolean | null = null;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  onMount(() => {
    document.title = "Set-up · Skep";
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - started) / 1000)), 1000);
    onCleanup(() => {
      clearInterval(timer);
      clearTimeout(leaving);
    });
  });
  createEffect(() => {
    const status = server.status();
    if (status === undefined) return;
    begunEmpty ??= isEmpty(status);
    // Long enough to see the counter move, then the first request itself.
    if (begunEmpty && !isEmpty(status))
      leaving ??= setTimeout(() => navigate("/requests", { replace: true }), 1500);
  });
  const language = (): Language =>
    languages.find((name) => name.toLowerCase() === view.param("lang")) ?? "Any";
  const choose = (name: Language): void =>
    view.set({ lang: name === "Any" ? null : name.toLowerCase() }, true);
  const copyAll = (): void => {
    const status = server.status();
    if (status === undefined) return;
    const all = snippetsFor(language(), addressesOf(status));
    copy(all.map(({ text }) => plainText(text)).join("\n\n"), "All of them");
  };
  useKeys({
    ...Object.fromEntries(languages.map((name, index) => [String(index + 1), () => choose(name)])),
    c: copyAll,
  });
  const waited = (): string =>
    `${String(Math.floor(seconds() / 60)).padStart(2, "0")}:${String(seconds() % 60).padStart(2, "0")}`;
  return (
    <Show when={server.status()} fallback={<main class="start" aria-label="Set-up" />}>
      {(status) => (
        <>
          <main class="start" aria-label="Set-up">
            <section class="l" aria-label="Doors">
              <div class="in">
                <h1>{isEmpty(status()) ? "Nothing has arrived yet" : "Set-up"}</h1>
                <p>
                  Skep listens at the doors below, and at Honeycomb's. Point an app at any of them;
                  a request that comes in through several is joined into one trace.
                </p>
              </div>
              <div class="wait" role="status">
                <Coil still={!isEmpty(status())} />
                <Show
                  when={isEmpty(status())}
                  fallback={<span>{count(records(status()))} events since the server's start</span>}
                >
                  <span>Waiting for the first event</span>
                  <span class="mono mut" aria-hidden="true">
                    {waited()}
                  </span>
                </Show>
              </div>
              <ul class="dr">
                <For each={doorsOf(status())}>
                  {(look) => <Door door={look.door} status={status()} />}
                </For>
              </ul>
              <div class="alt">
                <Show when={isEmpty(status())}>
                  <span>The first request opens here by itself.</span>
                </Show>
                <span>Any key or token is taken; the doors listen on this machine only.</span>
              </div>
            </section>
            <section class="rr2" aria-label="Set-up by language">
              <Tabs
                label="Language"
                tabs={languages.map((name) => ({
                  name,
                  title: name === "Any" ? "Any language" : name,
                }))}
                chosen={language()}
                panel="steps"
                onChoose={choose}
              >
                <span class="hint">
                  one door is enough; the <mark>marked part</mark> is all that points at Skep
                </span>
              </Tabs>
              <div
                class="scroll grow"
                role="tabpanel"
                id="steps"
                tabindex={0}
                aria-labelledby={`tab-${language()}`}
              >
                <div class="g2">
                  <For each={snippetsFor(language(), addressesOf(status()))}>
                    {(snippet) => <Block snippet={snippet} language={language()} />}
                  </For>
                </div>
                <WhatYouGet />
              </div>
              <Check at={addressesOf(status())} />
            </section>
          </main>
          <Foot
            hints={[
              [["1", "–", "5"], "language"],
              [["C"], "copy all"],
              [["?"], "all keys"],
            ]}
          >
            Skep {status().version} · {count(status().store.rows)} events stored,{" "}
            {bytes(status().store.bytes_on_disk)} on disk
          </Foot>
        </>
      )}
    </Show>
  );
}

function Coil(props: { still: boolean }): JSX.Element {
  return (
    <svg class="coil" classList={{ still: props.still }} viewBox="0 0 14 14" aria-hidden="true">
      <rect x="1" y="10.5" width="12" height="2.6" rx="1.3" />
      <rect x="1.8" y="7.2" width="10.4" height="2.6" rx="1.3" />
      <rect x="3" y="3.9" width="8" height="2.6" rx="1.3" />
      <rect x="4.6" y=".6" width="4.8" height="2.6" rx="1.3" />
    </svg>
  );
}

function Door(props: { door: DoorName; status: Status }): JSX.Element {
  const look = () => lookOf(props.door);
  const counters = () => props.status.doors.find(({ door }) => door === props.door);
  const last = (): bigint => BigInt(counters()?.last_event_ns ?? "0");
  const refused = (): number => counters()?.refused ?? 0;
  return (
    <li classList={{ ok: last() !== 0n }} data-door={props.door}>
      <DoorMark door={props.door} />
      <b>
        {look().name}
        <span>{look().carries}</span>
      </b>
      <span class="ct num" title={`${count(counters()?.records ?? 0)} events`}>
        {count(counters()?.records ?? 0)}
      </span>
      <code class="cut" title={addressOf(props.door, addressesOf(props.status))}>
        {addressOf(props.door, addressesOf(props.status))}
      </code>
      <span class="w">
        <Show when={refused() > 0}>
          <span class="err">{count(refused())} refused · </span>
        </Show>
        {last() === 0n ? "waiting" : ago(last(), BigInt(props.status.now_ns))}
      </span>
    </li>
  );
}

function Block(props: { snippet: Snippet; language: Language }): JSX.Element {
  const look = () => lookOf(props.snippet.door);
  return (
    <div class="bl">
      <header>
        <DoorMark door={props.snippet.door} />
        <h2>{look().name}</h2>
        <p class="cut">{props.snippet.note}</p>
        <span class="grow" />
        <button
          class="ctl sm quiet"
          aria-label={`Copy ${look().name} set-up`}
          onClick={() => copy(plainText(props.snippet.text), look().name)}
        >
          Copy
        </button>
      </header>
      <pre tabindex={0} aria-label={`${look().name} in ${props.language}`}>
        <For each={piecesOf(props.snippet.text)}>
          {(piece) => {
            if (piece.kind === "marked") return <mark>{piece.text}</mark>;
            return piece.kind === "remark" ? <s>{piece.text}</s> : piece.text;
          }}
        </For>
      </pre>
    </div>
  );
}

function Check(props: { at: Addresses }): JSX.Element {
  const command = (): string =>
    `curl ${props.at.http}/api/1/item/ -H 'content-type: application/json' -H 'x-rollbar-access-token: any' -d '{"data":{"environment":"dev","body":{"message":{"body":"hello, skep"}}}}'`;
  return (
    <div class="chk">
      <span class="str">Check by hand</span>
      <pre tabindex={0} aria-label="Command that sends one item">
        {command()}
      </pre>
      <button class="ctl sm" onClick={() => copy(command(), "command")}>
        Copy
      </button>
    </div>
  );
}
