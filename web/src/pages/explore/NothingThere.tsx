// SPDX-License-Identifier: Apache-2.0
// No event matched: what was asked, and the one change that would find some, after asking whether it would.
import { Show, type JSX } from "solid-js";
import { createQuery } from "../../api/query";
import { runQuery, type Answer } from "../../api/run";
import type { View } from "../../app/view";
import { numberIn } from "../../model/answer";
import { count, plural } from "../../model/format";
import { lastText, longer } from "../../model/range";
import { compact, filterText } from "../../model/spec";
import { Empty } from "../../parts/Notes";
import type { Explore } from "./state";

export function NothingThere(props: { explore: Explore; view: View }): JSX.Element {
  const further = (): number | null => longer(props.view.range());
  const filters = () => props.explore.query().filters ?? [];
  const query = createQuery<Answer>({
    key: () =>
      further() === null
        ? null
        : `further|${props.explore.dataset()}|${further()}|${JSON.stringify(compact(props.explore.query()))}`,
    ask: (signal) => {
      const {
        filters: own,
        filter_combination: joint,
        calculated_fields: fields,
      } = props.explore.query();
      const spec = compact({
        calculations: [{ op: "COUNT" }],
        filters: own ?? [],
        filter_combination: joint ?? "AND",
        calculated_fields: fields ?? [],
        time_range: (further() ?? 0) * 60,
      });
      return runQuery({ dataset: props.explore.dataset(), query: spec, remember: false }, signal);
    },
  });
  const found = (): number => numberIn(query.data()?.result.data.results[0], "COUNT") ?? 0;
  const inWords = (minutes: number): string => lastText(minutes).replace("Last", "the last");
  const asked = (): string => {
    const range = props.view.range();
    const where = range.kind === "last" ? inWords(range.minutes) : "the chosen time";
    const joint = props.explore.query().filter_combination === "OR" ? " or " : " and ";
    return filters().length === 0
      ? `No events in ${where}.`
      : `No events in ${where} match ${filters().map(filterText).join(joint)}.`;
  };
  return (
    <Empty title={asked()}>
      <Show
        when={found() > 0}
        fallback={
          <Show
            when={filters().length > 0}
            fallback={
              <a class="link" href="/setup">
                Point an app at Skep
              </a>
            }
          >
            <button
              class="link"
              onClick={() => props.explore.step((query) => ({ ...query, filters: [] }))}
            >
              Take the conditions out
            </button>
          </Show>
        }
      >
        {count(found())} in {inWords(further() ?? 0)}.{" "}
        <button
          class="link"
          onClick={() => props.view.setRange({ kind: "last", minutes: further() ?? 1440 })}
        >
          Show {plural(found(), "event")}
        </button>
      </Show>
    </Empty>
  );
}
