// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import {
  faultOf,
  faultParts,
  fieldText,
  indexOfByte,
  judgedRows,
  offersFor,
  pieceAt,
  taken,
  type Piece,
} from "./expression";

/** The piece at the | in a text. */
function at(text: string): Piece | null {
  return pieceAt(text.replace("|", ""), text.indexOf("|"));
}

test("what stands at the cursor is a field, a word, or nothing to complete", () => {
  expect(at("|")).toEqual({ kind: "word", from: 0, to: 0, text: "" });
  expect(at("I|")).toEqual({ kind: "word", from: 0, to: 1, text: "I" });
  expect(at("IF(GT|E($a, 1))")).toEqual({ kind: "word", from: 3, to: 6, text: "GTE" });
  expect(at("IF($dur|, 1)")).toEqual({ kind: "field", from: 3, to: 7, text: "dur" });
  expect(at("$|")).toEqual({ kind: "field", from: 0, to: 1, text: "" });
  expect(at('LT($"P95(dur|ation)"')).toEqual({
    kind: "field",
    from: 3,
    to: 19,
    text: "P95(duration)",
  });
  expect(at("IF(|")?.kind).toBe("word");
  expect(at("IF($a, |)")?.kind).toBe("word");
  expect(at("$a / |")?.kind).toBe("word");
  expect(at("$a |")).toBeNull();
  expect(at('"some |text"')).toBeNull();
  expect(at('CONCAT("a", "$b|')).toBeNull();
  expect(at("12|")).toBeNull();
});

test("a name with other signs stands in quotes", () => {
  expect(fieldText("http.route")).toBe("$http.route");
  expect(fieldText("P95(duration_ms)")).toBe('$"P95(duration_ms)"');
  expect(fieldText('a "b"')).toBe(String.raw`$"a \"b\""`);
  expect(fieldText("straße")).toBe("$straße");
});

const fields = [{ text: "duration_ms", note: "float" }, { text: "app.bucket" }, { text: "name" }];
const functions = [
  { name: "BUCKET", usage: "BUCKET($field, size)" },
  { name: "EVENT_TIMESTAMP", usage: "EVENT_TIMESTAMP()" },
];

function taking(text: string, wanted: string): string {
  const plain = text.replace("|", "");
  const piece = at(text);
  const offer = piece && offersFor(piece, fields, functions).find((own) => own.text === wanted);
  if (!piece || !offer) return "not offered";
  const { text: next, cursor } = taken(plain, piece, offer);
  return `${next.slice(0, cursor)}|${next.slice(cursor)}`;
}

test("a field and a function take the place of what was typed", () => {
  expect(taking("dur|", "duration_ms")).toBe("$duration_ms|");
  expect(taking("IF($du|, 1)", "duration_ms")).toBe("IF($duration_ms|, 1)");
  expect(taking("BUC|", "BUCKET")).toBe("BUCKET(|)");
  expect(taking("BUC|($a, 1)", "BUCKET")).toBe("BUCKET(|$a, 1)");
  expect(taking("1 + EV|", "EVENT_TIMESTAMP")).toBe("1 + EVENT_TIMESTAMP()|");
  expect(taking("$BUC|", "BUCKET")).toBe("not offered");
});

test("what begins with the text comes first, functions before fields", () => {
  const of = (text: string): string[] =>
    offersFor({ kind: "word", from: 0, to: text.length, text }, fields, functions).map(
      (own) => own.text,
    );
  expect(of("buc")).toEqual(["BUCKET", "app.bucket"]);
  expect(of("nam")).toEqual(["name"]);
  expect(of("")[0]).toBe("duration_ms");
});

test("a byte's place is found behind letters of several bytes", () => {
  expect(indexOfByte("abc", 2)).toBe(2);
  expect(indexOfByte('CONCAT("é€😀", ,)', 20)).toBe('CONCAT("é€😀", '.length);
  expect(indexOfByte("ab", 9)).toBe(2);
});

test("a fault shows the text around it, at the end of the text too", () => {
  expect(faultParts("IF(lower, 1)", 3)).toEqual(["IF(", "lower", ", 1)"]);
  expect(faultParts("1 +", 3)).toEqual(["1 +", "", ""]);
  const long = `${"$a + ".repeat(20)}?${" + $b".repeat(20)}`;
  const [before, wrong, after] = faultParts(long, 100);
  expect(wrong).toBe("?");
  expect(before.startsWith("…") && before.length === 25).toBe(true);
  expect(after.endsWith("…")).toBe(true);
});

test("an error of the server belongs to a row, at its place or to the whole", () => {
  const errors = [
    { field: "filters[0].op", message: "is none." },
    { field: "formulas[1].expression", message: "A value is missing here.", position: 5 },
    { field: "formulas[2].name", message: "is used twice" },
    {
      field: "formulas[3].expression",
      message: "SUM is no calculation of this query with a number",
    },
  ];
  expect(faultOf(errors, "formulas", 0, "1")).toBeNull();
  expect(faultOf(errors, "formulas", 1, "é + ,")).toEqual({
    message: "A value is missing here.",
    index: 4,
  });
  expect(faultOf(errors, "formulas", 2, "1")).toEqual({
    message: "The name is used twice.",
    index: null,
  });
  expect(faultOf(errors, "formulas", 3, "1")?.message).toBe(
    "SUM is no calculation of this query with a number.",
  );
});

test("what is not typed yet is judged as if it were fine, at its place", () => {
  expect(judgedRows(undefined)).toEqual([]);
  expect(
    judgedRows([
      { name: " a ", expression: " " },
      { name: "", expression: "LT(" },
    ]),
  ).toEqual([
    { name: "a", expression: "null" },
    { name: "row 2 without a name", expression: "LT(" },
  ]);
});
