// SPDX-License-Identifier: Apache-2.0
// An empty list says what was asked and offers the one change that would find something, after asking whether it would.
import { A } from "@solidjs/router";
import { Show, type JSX } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Histogram } from "../../api/types";
import { useServerState } from "../../app/status";
import type { View } from "../../app/view";
import { count, plural } from "../../model/format";
import { bounds, lastText, longer } from "../../model/range";
import { Empty } from "../../parts/Notes";

export function NothingFound(props: { view: View }): JSX.Element {
  const server = useServerState();
  const further = (): number | null => longer(props.view.range());
  const query = createQuery<Histogram>({
    key: () => (further() === null ? null : `further|${props.view.filter()}|${further()}`),
    ask: (signal) => {
      const { from, to } = bounds({ kind: "last", minutes: further() ?? 0 }, server.now());
      const params = {
        from: String(from),
        to: String(to),
        filter: props.view.filter(),
        buckets: 1,
      };
      return ask("Histogram", "requests/histogram", params, signal);
    },
  });
  const inWords = (minutes: number): string => lastText(minutes).replace("Last", "the last");
  const asked = (): string => {
    const range = props.view.range();
    const where = range.kind === "last" ? inWords(range.minutes) : "the chosen time";
    return props.view.filter() === ""
      ? `No requests in ${where}.`
      : `No requests in ${where} match ${props.view.filter()}.`;
  };
  return (
    <Empty title={asked()}>
      <Show
        when={query.data()?.total}
        fallback={
          <Show
            when={props.view.filter() !== ""}
            fallback={
              <A class="link" href="/setup">
                Point an app at Skep
              </A>
            }
          >
            <button class="link" onClick={() => props.view.setFilter("")}>
              Take the filter out
            </button>
          </Show>
        }
      >
        {(total) => (
          <>
            {count(total())} in {inWords(further() ?? 0)}.{" "}
            <button
              class="link"
              onClick={() => props.view.setRange({ kind: "last", minutes: further() ?? 1440 })}
            >
              Show {plural(total(), "request")}
            </button>
          </>
        )}
      </Show>
    </Empty>
  );
}
