// SPDX-License-Identifier: Apache-2.0
// The saved question that is open, by its id in the URL: what it was when it was read, and what was changed since.
import { createEffect, createMemo, on, type Accessor } from "solid-js";
import { ask } from "../../api/client";
import { createQuery } from "../../api/query";
import type { QuerySpec, SavedQuery } from "../../api/types";
import { say } from "../../app/notice";
import type { View } from "../../app/view";
import { changesOf, type Change } from "../../model/specDiff";

export interface Saved {
  open: Accessor<SavedQuery | null>;
  /** What the question on the screen has other than the saved one; times aside. */
  changes: Accessor<Change[]>;
  /** Read anew: somebody saved. */
  refresh: () => void;
}

export function savedPath(id: string): string {
  return `queries/${encodeURIComponent(id)}`;
}

export function createSaved(view: View, query: Accessor<QuerySpec>): Saved {
  const id = (): string => view.param("saved");
  const found = createQuery<SavedQuery>({
    key: () => (id() === "" ? null : `saved-query|${id()}`),
    ask: (signal) => ask("SavedQuery", savedPath(id()), {}, signal),
  });
  createEffect(
    on(found.error, (error) => {
      if (error?.code !== "NOT_FOUND") return;
      say("That saved question was deleted.");
      view.set({ saved: null }, true);
    }),
  );
  const open = createMemo((): SavedQuery | null => {
    const own = found.data();
    return own !== undefined && own.id === id() ? own : null;
  });
  const changes = createMemo(() => {
    const own = open();
    return own === null ? [] : changesOf(own.query, query());
  });
  return { open, changes, refresh: found.refresh };
}
