// SPDX-License-Identifier: Apache-2.0
// How the page is built and its units are run. The API's types and shapes are made from src/ui/openapi.yaml first, so
// that neither can be older than the description.
import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";
import { generate } from "./tools/generate.mjs";

await generate();

export default defineConfig({
  plugins: [solid()],
  build: { target: "es2023", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
