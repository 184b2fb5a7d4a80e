// SPDX-License-Identifier: Apache-2.0
// What is chosen in a heat map: how many events of each group, and the question narrowed to them.
import { createMemo, type Accessor } from "solid-js";
import { createQuery, type Query } from "../../api/query";
import { runQuery, type Answer } from "../../api/run";
import type { QuerySpec } from "../../api/types";
import type { View } from "../../app/view";
import { keyOfGroup, measuresOf, numberIn, valuesIn } from "../../model/answer";
import { compact, groupFilters, withFilter } from "../../model/spec";
import { inBox } from "./oneTrace";
import { timesOfRange, type Explore, type Selection } from "./state";

export interface Selected {
  query: Query<Answer>;
  /** Events of each group that are chosen; null while nothing is. */
  byGroup: Accessor<Map<string, number> | null>;
  total: Accessor<number | null>;
  /** The field of the heat map that is chosen in. */
  column: Accessor<string>;
  /** The question narrowed to what is chosen. */
  narrowed: (selection: Selection) => QuerySpec;
}

export function createSelected(explore: Explore, view: View): Selected {
  const column = createMemo(() => {
    const [data, selection] = [explore.answer.data(), explore.selection()];
    const measure = data && measuresOf(data.result).find(({ key }) => key === selection?.key);
    return measure?.column ?? "duration_ms";
  });
  const narrowed = ({ key, box }: Selection): QuerySpec => {
    const whole = { ...compact(explore.query()), ...timesOfRange(view.range()) };
    const held = explore.groups().find((group) => group.key === explore.held());
    const own = groupFilters(explore.query().breakdowns ?? [], held?.values ?? []);
    const ofSeries = held === undefined ? whole : withFilter(whole, ...own);
    return key === "" ? ofSeries : inBox(ofSeries, column(), box);
  };
  const query = createQuery<Answer>({
    key: () => {
      const selection = explore.selection();
      return selection === null || selection.key === "" || explore.answer.data() === undefined
        ? null
        : `selected|${explore.answer.answered() ?? ""}|${JSON.stringify(selection)}|${explore.held() ?? ""}`;
    },
    ask: (signal) => {
      const selection = explore.selection();
      if (selection === null) throw new Error("nothing is chosen");
      const {
        filters,
        filter_combination: joint,
        calculated_fields: fields,
        start_time,
        end_time,
      } = narrowed(selection);
      const spec = compact({
        calculations: [{ op: "COUNT" }],
        breakdowns: explore.query().breakdowns ?? [],
        filters: filters ?? [],
        ...(joint === undefined ? {} : { filter_combination: joint }),
        calculated_fields: fields ?? [],
        limit: 1000,
        start_time: start_time ?? 0,
        end_time: end_time ?? 0,
      });
      return runQuery({ dataset: explore.dataset(), query: spec, remember: false }, signal);
    },
  });
  const byGroup = createMemo(() => {
    const result = query.data()?.result;
    if (result === undefined || (explore.selection()?.key ?? "") === "") return null;
    return new Map(
      result.data.results.map((row) => [
        keyOfGroup(valuesIn(result, row)),
        numberIn(row, "COUNT") ?? 0,
      ]),
    );
  });
  const total = createMemo(() => {
    const data = query.data()?.result.data;
    return data === undefined
      ? null
      : (numberIn(data.total_by_aggregate, "COUNT") ?? numberIn(data.results[0], "COUNT") ?? 0);
  });
  return { query, byGroup, total, column, narrowed };
}
