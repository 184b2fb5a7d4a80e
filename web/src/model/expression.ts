// SPDX-License-Identifier: Apache-2.0
// An expression while it is written: what stands at the cursor, what could be meant there, and where the server found
// something wrong. The server alone parses and judges it (src/query/expression/parse.h).

export interface Piece {
  /** A field begins with $; a word is what could become a function or a field. */
  kind: "field" | "word";
  from: number;
  to: number;
  /** Without the $. */
  text: string;
}

export interface Offer {
  text: string;
  note?: string | undefined;
  examples?: string | undefined;
  /** What is written in place of the piece. */
  insert: string;
  /** How far from the end of that the cursor stands then. */
  back: number;
}

const tokens =
  /(?<field>\$(?:"(?:[^"\\]|\\.)*"?|`[^`]*`?|[\w./:=+?\-\u0080-\uffff]*))|(?<quoted>"(?:[^"\\]|\\.)*"?|`[^`]*`?)|(?<word>[A-Za-z]\w*)|(?<number>\d[\w.]*)|(?<other>\s+|[^\s])/g;

/** What is being written at `cursor`; null within a text in quotes, a number, or behind a value. */
export function pieceAt(text: string, cursor: number): Piece | null {
  let before = "";
  for (const match of text.matchAll(tokens)) {
    const [whole] = match;
    const [from, to] = [match.index, match.index + whole.length];
    if (from >= cursor) break;
    if (to >= cursor) {
      const { field, word, other } = match.groups ?? {};
      if (field !== undefined)
        return { kind: "field", from, to, text: field.slice(1).replaceAll(/["`]/g, "") };
      if (word !== undefined) return { kind: "word", from, to, text: word };
      if (other === undefined) return null;
    }
    if (whole.trim() !== "") before = whole;
  }
  // A value may begin at the start, behind an opening bracket, a comma or a sign.
  const begins = before === "" || /^[(,+\-*/%<>=!]$/.test(before);
  return begins ? { kind: "word", from: cursor, to: cursor, text: "" } : null;
}

/** As it is written in an expression: with quotes where its name has other signs than these. */
export function fieldText(name: string): string {
  if (/^[\w./:=+?\-\u0080-\uffff]+$/.test(name)) return `$${name}`;
  return `$"${name.replace(/[\\"]/g, "\\$&")}"`;
}

export interface Named {
  text: string;
  note?: string | undefined;
  examples?: string | undefined;
}

const offersMax = 60;

/** Names that contain the piece's text, those that begin with it first; functions only where a word stands. */
export function offersFor(
  piece: Piece,
  fields: readonly Named[],
  functions: readonly { name: string; usage: string }[],
): Offer[] {
  const wanted = piece.text.toLowerCase();
  const rank = (name: string): number => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  const ofFields = fields
    .filter(({ text }) => text.toLowerCase().includes(wanted))
    .map((own): Offer => ({ ...own, insert: fieldText(own.text), back: 0 }));
  const ofFunctions =
    piece.kind === "field"
      ? []
      : functions
          .filter(({ name }) => name.toLowerCase().includes(wanted))
          .map(({ name, usage }): Offer => {
            const none = usage.endsWith("()");
            return { text: name, note: usage, insert: `${name}()`, back: none ? 0 : 1 };
          });
  const first = wanted === "" ? [...ofFields, ...ofFunctions] : [...ofFunctions, ...ofFields];
  return first.toSorted((a, b) => rank(a.text) - rank(b.text)).slice(0, offersMax);
}

/** The text with an offer in place of the piece, and where the cursor stands. */
export function taken(text: string, piece: Piece, offer: Offer): { text: string; cursor: number } {
  const rest = text.slice(piece.to);
  // The bracket is there already where a function's name is written over.
  const bracket = rest.startsWith("(") && offer.insert.endsWith("()");
  const insert = bracket ? offer.insert.slice(0, -2) : offer.insert;
  const cursor = piece.from + insert.length + (bracket ? 1 : -offer.back);
  return { text: text.slice(0, piece.from) + insert + rest, cursor };
}

/** The place in a text of a byte of its UTF-8. */
export function indexOfByte(text: string, byte: number): number {
  let bytes = 0;
  let index = 0;
  for (const char of text) {
    if (bytes >= byte) break;
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    index += char.length;
  }
  return index;
}

export interface Fault {
  message: string;
  /** Place in the text; null where the whole is meant. */
  index: number | null;
}

const around = 24;

/** The text around a fault in three parts, the middle one being what is wrong; at the end it is empty. */
export function faultParts(text: string, index: number): [string, string, string] {
  const match = /^(\$?[\w.]+|"(?:[^"\\]|\\.)*"?|.)/su.exec(text.slice(index));
  const end = index + (match?.[0].length ?? 0);
  const cut = (part: string): string => part.replaceAll(/\s+/g, " ");
  const before = text.slice(Math.max(0, index - around), index);
  const after = text.slice(end, end + around);
  return [
    (index > around ? "…" : "") + cut(before),
    cut(text.slice(index, end)),
    cut(after) + (end + around < text.length ? "…" : ""),
  ];
}

export interface CheckError {
  field: string;
  message: string;
  position?: number | undefined;
}

/** What is wrong with one row of a list such as `formulas`, by its place in it. */
export function faultOf(
  errors: readonly CheckError[],
  list: string,
  at: number,
  expression: string,
): Fault | null {
  const found = errors.find(({ field }) => field.startsWith(`${list}[${at}]`));
  if (found === undefined) return null;
  const { field, message, position } = found;
  const part = field.slice(`${list}[${at}].`.length);
  const ofName = part === "name";
  const index = ofName || position === undefined ? null : indexOfByte(expression, position);
  const plain = /^[a-z]/.test(message)
    ? `${ofName ? "The name" : "The expression"} ${message}`
    : message;
  return { message: /[.!?]$/.test(plain) ? plain : `${plain}.`, index };
}

type Rows = readonly { name: string; expression: string }[] | undefined;

/** Rows as they are judged while they are written: what is not typed yet is no fault, and each keeps its place. */
export function judgedRows(rows: Rows): { name: string; expression: string }[] {
  return (rows ?? []).map(({ name, expression }, at) => ({
    name: name.trim() === "" ? `row ${at + 1} without a name` : name.trim(),
    expression: expression.trim() === "" ? "null" : expression,
  }));
}
