// SPDX-License-Identifier: Apache-2.0
// Fails the build when the first load (everything that index.html names) is over its budget.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const budget = 120_000;
const dist = new URL("../dist/", import.meta.url);
const html = await readFile(new URL("index.html", dist), "utf8");
const names = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((match) => match[1]);
const sizes = await Promise.all(
  ["index.html", ...names].map(async (name) => {
    const bytes = await readFile(new URL(name, dist));
    return gzipSync(bytes, { level: 9 }).length;
  }),
);
const total = sizes.reduce((sum, size) => sum + size, 0);
if (total > budget) {
  console.error(`first load is ${total} bytes of gzip, the budget is ${budget}`);
  process.exit(1);
}
console.log(`first load ${(total / 1000).toFixed(1)} kB gzip of ${budget / 1000}`);
