// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Status } from "../../api/types";
import { addressesOf, languages, piecesOf, plainText, snippetsFor } from "./snippets";

const status = {
  addresses: [
    { name: "http", url: "http://127.0.0.1:18080" },
    { name: "otlp_http", url: "http://127.0.0.1:14318" },
    { name: "otlp_grpc", url: "http://127.0.0.1:14317" },
    { name: "xray_udp", url: "127.0.0.1:12000" },
  ],
} as Status;

test("every language has every door, each pointing at the address that listens", () => {
  const ports = ["14318", "12000", "18080", "18080", "18080"];
  for (const language of languages) {
    const snippets = snippetsFor(language, addressesOf(status));
    expect(snippets.map(({ door }) => door)).toEqual([
      "otlp",
      "xray",
      "cloudwatch",
      "rollbar",
      "honeycomb",
    ]);
    for (const [index, { text }] of snippets.entries()) {
      const marked = piecesOf(text).filter(({ kind }) => kind === "marked");
      expect(marked.length, `${language} ${index}`).toBeGreaterThan(0);
      expect(marked[0]?.text).toContain(ports[index] ?? "");
    }
  }
});

test("a server without ports of its own for OTLP takes it at its main one", () => {
  const bare = { addresses: [{ name: "http", url: "http://h:1" }] } as Status;
  expect(addressesOf(bare)).toMatchObject({ otlpHttp: "http://h:1", otlpGrpc: "http://h:1" });
});

test("pieces put together are what is copied", () => {
  for (const language of languages) {
    for (const { text } of snippetsFor(language, addressesOf(status)))
      expect(
        piecesOf(text)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(plainText(text));
  }
});
