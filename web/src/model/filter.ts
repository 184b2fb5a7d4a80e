// SPDX-License-Identifier: Apache-2.0
// The filter line as terms, for showing it as chips and for adding and removing one. The server parses and judges the
// same text (src/query/filter.h); what this file cannot read it leaves whole, so that the server can say what is wrong.

import { count } from "./format";

export const operators = ["!=", ">=", "<=", "=", ">", "<", "contains", "exists"] as const;
export type Operator = (typeof operators)[number];

export interface Term {
  /** Empty for a text to search for. */
  field: string;
  op: Operator;
  value: string;
}

/** Where ` AND ` stands outside quotes, the text is cut. */
export function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let current = "";
  let quoted = false;
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const joint = quoted ? null : /^\s+and\s+/i.exec(rest);
    if (joint !== null) {
      terms.push(current.trim());
      current = "";
      at += joint[0].length;
      continue;
    }
    const char = text.charAt(at);
    if (quoted && char === "\\") {
      current += text.slice(at, at + 2);
      at += 2;
      continue;
    }
    if (char === '"') quoted = !quoted;
    current += char;
    at += 1;
  }
  terms.push(current.trim());
  return terms.filter((term) => term !== "");
}

/** Letters of a value; a filter of more bytes the server refuses (src/query/filter.h), and addresses end some way above. */
const valueMax = 4000;

/** Why a value cannot be filtered by; null where it can. */
export function unfilterable(value: string): string | null {
  if (value.length <= valueMax) return null;
  return `Too long to filter by: ${count(value.length)} letters, at most ${count(valueMax)}`;
}

function unquote(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(text);
  return quoted === null ? text : (quoted[1] ?? "").replace(/\\(.)/gs, "$1");
}

export function quote(value: string): string {
  const plain = value !== "" && !/[\s"\\]/.test(value);
  return plain ? value : `"${value.replace(/[\\"]/g, "\\$&")}"`;
}

export function parseTerm(text: string): Term {
  const sign = /^("(?:[^"\\]|\\.)*"|[^\s=!<>"]+)\s*(!=|>=|<=|=|>|<)\s*(.*)$/s.exec(text);
  const word = /^("(?:[^"\\]|\\.)*"|[^\s=!<>"]+)\s+(contains|exists)(?:\s+(.*))?$/is.exec(text);
  const match = sign ?? word;
  if (match === null) return { field: "", op: "contains", value: unquote(text) };
  const op = operators.find((known) => known === match[2]?.toLowerCase()) ?? "=";
  return { field: unquote(match[1] ?? ""), op, value: unquote((match[3] ?? "").trim()) };
}

export function parseFilter(text: string): Term[] {
  return splitTerms(text).map(parseTerm);
}

function fieldText(field: string): string {
  return /[\s=!<>"]/.test(field) ? quote(field) : field;
}

export function termText(term: Term): string {
  if (term.field === "") return quote(term.value);
  if (term.op === "exists") return `${fieldText(term.field)} exists`;
  return `${fieldText(term.field)} ${term.op} ${quote(term.value)}`;
}

export function withTerm(filter: string, term: Term): string {
  const text = termText(term);
  const terms = splitTerms(filter);
  return terms.includes(text) ? filter : [...terms, text].join(" AND ");
}

export function withoutTerm(filter: string, index: number): string {
  return splitTerms(filter)
    .filter((_, at) => at !== index)
    .join(" AND ");
}

/** Where the term with this byte begins, so that an error's position can be shown at its chip. */
export function termAt(filter: string, position: number): number {
  let begin = 0;
  const terms = splitTerms(filter);
  for (const [index, term] of terms.entries()) {
    begin = filter.indexOf(term, begin) + term.length;
    if (position <= begin) return index;
  }
  return terms.length - 1;
}
