// SPDX-License-Identifier: Apache-2.0
// The bar above every screen: where one can go, what comes in through each door, Go to, the theme.
import { A, useLocation } from "@solidjs/router";
import { For, Show, type JSX } from "solid-js";
import { lostSince } from "../api/client";
import { doorsOf, type DoorLook } from "../model/doors";
import { count, rate } from "../model/format";
import { DoorMark } from "../parts/DoorMark";
import { SearchIcon, SkepIcon, ThemeIcon } from "../parts/Icons";
import { Key } from "../parts/Text";
import { modKey } from "./keys";
import { useServerState } from "./status";
import { nextTheme, theme } from "./theme";
import { travelling } from "./view";

const silentNs = 60_000_000_000n;

function Meter(props: { look: DoorLook }): JSX.Element {
  const server = useServerState();
  const door = () => server.status()?.doors.find(({ door }) => door === props.look.door);
  const silent = (): boolean => {
    const last = BigInt(door()?.last_event_ns ?? "0");
    return last === 0n || BigInt(server.status()?.now_ns ?? "0") - last > silentNs;
  };
  const refused = (): number => (door()?.refused ?? 0) + (door()?.throttled ?? 0);
  const title = (): string => {
    const parts = [
      `${props.look.name}: ${rate(server.rateOf(props.look.door))} events per second`,
      `${count(door()?.records ?? 0)} since the start`,
    ];
    if (refused() > 0) parts.push(`${count(refused())} requests refused`);
    if ((door()?.dropped ?? 0) > 0) parts.push(`${count(door()?.dropped ?? 0)} dropped`);
    return parts.join(", ");
  };
  return (
    <span title={title()} role="img" aria-label={title()}>
      <DoorMark door={props.look.door} hollow={silent()} />
      <span class="nm">{props.look.name}</span>
      <b>{rate(server.rateOf(props.look.door))}</b>
      <Show when={server.refusedOf(props.look.door) > 0}>
        <em class="err str">!</em>
      </Show>
    </span>
  );
}

export function TopBar(props: { onGoTo: () => void }): JSX.Element {
  const server = useServerState();
  const location = useLocation();
  const openItems = (): number => server.status()?.open_items ?? 0;
  const to = (path: string): string => path + travelling(location.search);
  const at = (...paths: string[]): "page" | undefined =>
    paths.some((path) => location.pathname === path || location.pathname.startsWith(`${path}/`))
      ? "page"
      : undefined;
  return (
    <header class="top">
      <a class="brand" href={to("/requests")} aria-label="Skep, home">
        <SkepIcon />
        skep
      </a>
      <nav aria-label="Main">
        <A href={to("/requests")} aria-current={at("/requests", "/trace", "/diff")}>
          Requests
        </A>
        <A href={to("/explore")} aria-current={at("/explore")}>
          Explore
        </A>
        <A href={to("/errors")} aria-current={at("/errors")}>
          Errors
          <Show when={openItems() > 0}>
            <span class="n" title={`${count(openItems())} open items`}>
              {count(openItems())}
            </span>
          </Show>
        </A>
        <A href={to("/logs")} aria-current={at("/logs")}>
          Logs
        </A>
        <A href={to("/boards")} aria-current={at("/boards")}>
          Boards
        </A>
        <A href={to("/map")} aria-current={at("/map")}>
          Map
        </A>
        <A href="/setup" aria-current={at("/setup")}>
          Set-up
        </A>
      </nav>
      <div class="meter" role="group" aria-label="Events per second of each door">
        <Show
          when={lostSince() === null}
          fallback={
            <span class="err" role="status">
              No connection since {new Date(lostSince() ?? 0).toLocaleTimeString("en-GB")}
            </span>
          }
        >
          <For each={doorsOf(server.status())}>{(look) => <Meter look={look} />}</For>
          <em class="per">per s</em>
        </Show>
      </div>
      <button
        class="ctl quiet cmd"
        title="Go to a trace, route, user or page"
        onClick={() => props.onGoTo()}
      >
        <SearchIcon />
        <span>Go to</span>
        <Key>{modKey}K</Key>
      </button>
      <button
        class="ctl quiet icon"
        aria-label={`Theme: ${theme()}`}
        title={`Theme: ${theme()}`}
        onClick={nextTheme}
      >
        <ThemeIcon />
      </button>
    </header>
  );
}
