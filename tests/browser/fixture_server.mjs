// SPDX-License-Identifier: Apache-2.0
// Serves web/dist and answers its API with made-up but consistent data, for looking at states that a real server is
// hard to bring into: a thousand rows, a refused filter, a lost connection. Prints its address.
//   node tests/browser/fixture_server.mjs
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { answer } from "./fixture_answers.mjs";
import { answerExplore } from "./fixture_explore.mjs";

const dist = new URL("../../web/dist/", import.meta.url);
const types = { html: "text/html", js: "text/javascript", css: "text/css", svg: "image/svg+xml" };

async function serveFile(path, response) {
  const name = path.startsWith("/assets/") || path === "/skep.svg" ? path.slice(1) : "index.html";
  const body = await readFile(new URL(name, dist));
  response.writeHead(200, { "content-type": types[name.split(".").at(-1)] });
  response.end(body);
}

export function startFixtureServer(options = {}) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (!url.pathname.startsWith("/api/ui/")) {
      serveFile(url.pathname, response).catch(() => response.writeHead(404).end());
      return;
    }
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      const sent = pieces.length > 0 ? JSON.parse(Buffer.concat(pieces).toString()) : undefined;
      const path = url.pathname.slice("/api/ui/".length);
      const { status, body } =
        answerExplore(request.method, path, url.searchParams, sent) ?? answer(url, options);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve({ url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }),
    );
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { url } = await startFixtureServer({ empty: process.argv.includes("--empty") });
  console.log(url);
}
