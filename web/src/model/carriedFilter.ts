// SPDX-License-Identifier: Apache-2.0
// The filter of requests that came along from another screen, as conditions on events.
import type { Filter } from "../api/types";
import type { Term } from "./filter";
import { parseValue } from "./spec";

/** Fields of the request list that have other names where events are asked. */
const fieldsOfLine = new Map([
  ["service", ["service.name"]],
  ["route", ["http.route", "url.path", "http.target"]],
  ["method", ["http.method", "http.request.method"]],
  ["status", ["http.status_code", "http.response.status_code"]],
  ["user", ["app.user_handle", "enduser.id", "user.id"]],
]);

/** The filter that came along from another screen. */
export function filtersOfTerms(terms: readonly Term[]): Filter[] {
  return terms.map((term) => {
    const names =
      term.field === "" ? ["name", "body"] : (fieldsOfLine.get(term.field) ?? [term.field]);
    const all = names.map((column): Filter => {
      if (term.op === "exists") return { column, op: "exists" };
      return { column, op: term.op, value: parseValue(term.value) };
    });
    const only = all[0];
    if (all.length === 1 && only !== undefined) return only;
    return term.op === "!=" ? { and: all } : { or: all };
  });
}
