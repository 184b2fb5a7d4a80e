// SPDX-License-Identifier: Apache-2.0
// What the server finds wrong with the expressions of a draft, asked when the typing pauses.
import { createEffect, createMemo, createSignal, on, onCleanup, type Accessor } from "solid-js";
import { tell } from "../../api/client";
import { createQuery } from "../../api/query";
import type { QueryCheck } from "../../api/types";
import { judgedRows, type CheckError } from "../../model/expression";
import { compact, tidy } from "../../model/spec";
import type { Explore } from "./state";

const pauseMs = 250;

/** Of the draft as it stands; empty while the server was not asked about it yet. */
export function createCheck(explore: Explore): Accessor<readonly CheckError[]> {
  const asked = createMemo((): string | null => {
    const draft = explore.draft();
    const fields = judgedRows(draft.calculated_fields);
    const formulas = judgedRows(draft.formulas);
    if (fields.length + formulas.length === 0) return null;
    const { calculations } = tidy(draft);
    const query = { calculations: calculations ?? [], calculated_fields: fields, formulas };
    return JSON.stringify({ dataset: explore.dataset(), query: compact(query) });
  });
  const [settled, setSettled] = createSignal<string | null>(null);
  createEffect(
    on(asked, (now) => {
      const timer = setTimeout(() => setSettled(now), pauseMs);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  const query = createQuery<QueryCheck>({
    key: () => settled() && `check|${settled()}`,
    ask: (signal) =>
      tell("QueryCheck", "POST", "explore/checks", JSON.parse(settled() ?? "{}"), signal),
  });
  return () => {
    const now = asked();
    const judged = now !== null && query.answered() === `check|${now}`;
    const found: CheckError[] = judged ? [...(query.data()?.errors ?? [])] : [];
    // What a run was refused for stays until the draft changes.
    const { field, message, position } = explore.answer.error() ?? {};
    if (!explore.dirty() && field && message !== undefined)
      found.push({
        field,
        message: message.replace(`${field}: `, ""),
        position: position ?? undefined,
      });
    return found;
  };
}
