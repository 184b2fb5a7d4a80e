// SPDX-License-Identifier: Apache-2.0
// Makes what the page knows about its API from src/ui/openapi.yaml, into src/api/generated/:
//   schema.d.ts   TypeScript types
//   shapes.ts     the same schemas as data, against which src/api/check.ts holds every answer
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { parse } from "yaml";

const source = new URL("../../src/ui/openapi.yaml", import.meta.url);
const folder = new URL("../src/api/generated/", import.meta.url);
const spdx =
  "// SPDX-License-Identifier: Apache-2.0\n// Made by tools/generate.mjs from src/ui/openapi.yaml.\n";

/** One schema in the few words that check.ts understands; what has no word there is refused here. */
function shapeOf(schema, at) {
  if (schema.$ref) return { ref: schema.$ref.split("/").at(-1) };
  switch (schema.type) {
    case "string":
      return schema.enum ? { enum: schema.enum } : "string";
    case "integer":
    case "number":
    case "boolean":
      return schema.type;
    case "array":
      return { items: shapeOf(schema.items, `${at}[]`) };
    case "object": {
      const properties = Object.entries(schema.properties ?? {});
      if (properties.length === 0) return "object";
      return {
        required: schema.required ?? [],
        properties: Object.fromEntries(
          properties.map(([name, inner]) => [name, shapeOf(inner, `${at}.${name}`)]),
        ),
      };
    }
    case undefined:
      return "any";
    default:
      throw new Error(`${at}: no shape for type ${schema.type}`);
  }
}

// Whole or not at all: lint, types, units and the build each generate first, and may run side by side.
async function writeIfNew(url, text) {
  const before = await readFile(url, "utf8").catch(() => "");
  if (before === text) return;
  const part = new URL(`../node_modules/.generated-${process.pid}`, import.meta.url);
  await writeFile(part, text);
  await rename(part, url);
}

export async function generate() {
  const document = parse(await readFile(source, "utf8"));
  const shapes = Object.fromEntries(
    Object.entries(document.components.schemas).map(([name, schema]) => [
      name,
      shapeOf(schema, name),
    ]),
  );
  const types = astToString(await openapiTS(source, { alphabetize: false }));
  await mkdir(folder, { recursive: true });
  await writeIfNew(new URL("schema.d.ts", folder), spdx + types);
  await writeIfNew(
    new URL("shapes.ts", folder),
    `${spdx}import type { Shape } from "../check";\n\n` +
      `export const shapes: Record<string, Shape> = ${JSON.stringify(shapes)};\n`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate();
