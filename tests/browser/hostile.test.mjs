// SPDX-License-Identifier: Apache-2.0
// Every screen over what nobody means well with (hostile.mjs): nothing runs, nothing throws, nothing leaves the page to the
// side, and every value can be filtered by.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { sendHostile, texts, traces } from "./hostile.mjs";
import { api, assertSound, launch, openScreen, until, untilParam } from "./support.mjs";

const addresses = JSON.parse(readFileSync(process.env.HOSTILE_ADDRESSES, "utf8"));
const base = addresses.http;
let browser;
let board;

async function post(path, body) {
  const response = await fetch(`${base}/api/ui/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

const query = (breakdowns) => ({
  calculations: [{ op: "COUNT" }, { op: "HEATMAP", column: "duration_ms" }, { op: "P95", column: "duration_ms" }],
  breakdowns,
});

async function makeBoard() {
  const saved = await post("queries", {
    name: texts.image,
    description: texts.script,
    query: query(["hostile.image"]),
  });
  const panel = (y, more) => ({
    position: { x_coordinate: 0, y_coordinate: y, width: 12, height: 4 },
    ...more,
  });
  const shown = {
    query_id: saved.query_id,
    query_annotation_id: saved.id,
    query_style: "combo",
  };
  const words = `# ${texts.image}\n[a link](${texts.link})\n${texts.unbroken.slice(0, 2000)}`;
  const panels = [
    panel(0, { type: "text", text_panel: { content: words } }),
    panel(4, { type: "query", query_panel: shown }),
  ];
  return (
    await post("boards", {
      name: texts.rightToLeft,
      description: texts.quote,
      panels,
    })
  ).board.id;
}

before(async () => {
  await sendHostile(addresses);
  // Datagrams are not answered; what came by them is in the list when they are stored.
  await until(async () => {
    const { requests } = await api(base, "requests?limit=100");
    return requests.some(({ door, name }) => door === "xray" && name === "constructor") ? requests : null;
  }, "the open segment");
  board = await makeBoard();
  browser = await launch();
});
after(() => browser?.close());

async function assertHarmless(screen) {
  const found = await screen.page.evaluate(() => ({
    ran: globalThis.pwned ?? null,
    polluted: {}.polluted ?? null,
    elements: [...document.querySelectorAll("img, iframe, object, embed, #page script, [href^='javascript:' i]")].map(
      (element) => element.outerHTML.slice(0, 120),
    ),
    broken: document.querySelector('[aria-label="Fault"]')?.textContent ?? null,
  }));
  assert.deepEqual(found, { ran: null, polluted: null, elements: [], broken: null }, screen.page.url());
  await assertSound(screen).catch((error) => assert.fail(`${screen.page.url()}: ${error.stack}`));
}

const explore = (breakdowns, more = "") => `/explore?q=${encodeURIComponent(JSON.stringify(query(breakdowns)))}${more}`;
/** The row of the request itself. */
const entry = "1".padStart(16, "0");
const screens = () => [
  ["/requests", ".rr[data-trace]"],
  ...Object.values(traces).map((id) => [`/trace/${id}`, ".r[data-row]"]),
  [`/trace/${traces.markup}?row=${entry}&tab=error`, ".dt .ex"],
  [`/trace/${traces.markup}?row=${entry}&tab=logs`, ".dt .lines li"],
  [`/trace/${traces.markup}?row=${entry}&tab=raw`, ".dt .code"],
  ["/logs", "[data-line]"],
  ["/errors", ".it"],
  ...[1, 2, 3, 4].map((counter) => [`/errors/${counter}`, ".de .hd"]),
  [explore(["service.name"]), ".rt tbody tr"],
  [explore(["__proto__", "constructor"]), ".rt tbody tr"],
  [explore(["hostile.rightToLeft", "hostile.lines", "hostile.control"]), ".rt tbody tr"],
  [explore(["hostile.long", "hostile.unbroken"]), ".rt tbody tr"],
  [explore(["__proto__", "toString"], "&view=events"), ".ev tbody tr"],
  [`/boards`, ".boards a"],
  [`/boards/${board}`, ".rt tbody tr, .panel .heat"],
  ["/map", ".svc"],
  [`/diff/${traces.markup}/${traces.names}`, ".dfr"],
  ["/setup", "[data-door]"],
];

for (const [size, theme] of [
  ["wide", "light"],
  ["phone", "dark"],
])
  test(`every screen bears what was sent: ${size}, ${theme}`, async () => {
    const screen = await openScreen(browser, { size, theme });
    screen.page.on("dialog", (dialog) => dialog.dismiss().then(() => screen.complaints.push("a dialog opened")));
    for (const [path, ready] of screens()) {
      await screen.page.goto(base + path);
      await screen.page.locator(ready).first().waitFor();
      await assertHarmless(screen);
    }
    await screen.close();
  });

test("every line unfolds, and every payload is shown as it came", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  const { lines } = await api(base, "logs?limit=200");
  assert.ok(lines.length >= 2 * Object.keys(texts).length, `${lines.length} lines`);
  for (const { id, text } of lines) {
    await page.goto(`${base}/logs?line=${id}`);
    await page.locator(".xp .whole").waitFor();
    assert.equal(await page.locator(".xp .whole").evaluate((whole) => whole.textContent), text);
    assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
  }
  for (const counter of [1, 2, 3, 4]) {
    await page.goto(`${base}/errors/${counter}`);
    await page.getByRole("button", { name: "Raw" }).click();
    await page.getByLabel("Payload").waitFor();
    await assertHarmless(screen);
  }
  await screen.close();
});

// What a filter takes at most stands in src/query/filter.h; 100 kB are no filter.
const filtered = [
  ...["script", "image", "quote", "link", "rightToLeft", "noWidth", "emoji", "lines", "control"].map(
    (key) => `hostile.${key}`,
  ),
  "__proto__",
  "constructor",
  "__proto__.polluted",
  texts.image,
];

test("every value of a trace is a filter by a press, and finds its request", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  for (const name of filtered) {
    await page.goto(`${base}/trace/${traces.markup}`);
    const field = page.locator(".f").filter({ has: page.locator("dt", { hasText: exactly(name) }) });
    await field.hover();
    await field.getByRole("button", { name: "filter" }).click();
    await page.waitForURL("**/requests?*");
    await page.locator(".chip").waitFor();
    await page.locator(`[data-trace="${traces.markup}"]`).waitFor();
    assert.equal(await page.getByRole("alert").count(), 0, name);
  }
  await page.goto(`${base}/trace/${traces.markup}`);
  const long = page.locator(".f").filter({ has: page.locator("dt", { hasText: exactly("hostile.long") }) });
  await long.hover();
  assert.ok(await long.getByRole("button", { name: "filter" }).isDisabled());
  assert.match(await long.getByRole("button", { name: "filter" }).getAttribute("title"), /too long/i);
  await assertHarmless(screen);
  await screen.close();
});

const exactly = (text) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);

test("every group of an answer is a filter by a press, and keeps its count", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  for (const name of filtered) {
    await page.goto(base + explore([name]));
    const group = page.locator("tr[data-group]").filter({ hasNot: page.getByText("absent", { exact: true }) });
    await group.first().waitFor();
    const count = await group.first().locator("td.num").first().innerText();
    await group.first().locator(".gv").first().hover();
    await group
      .first()
      .getByRole("button", { name: /^Filter to/ })
      .click();
    await page.locator(".qs .cell", { hasText: "Where" }).locator(".chip").waitFor();
    await page.waitForFunction(() => document.querySelectorAll("tr[data-group]").length === 1);
    assert.equal(await group.first().locator("td.num").first().innerText(), count, name);
    await assertHarmless(screen);
  }
  await screen.close();
});

test("Go to, completion and history offer it as text", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${base}/requests`);
  await page.locator(".rr[data-trace]").first().waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("<img");
  await page.getByRole("option").first().waitFor();
  await assertHarmless(screen);
  await page.keyboard.press("Escape");
  await page.keyboard.press("f");
  await page.keyboard.type("hostile.image");
  await page
    .getByRole("option", { name: /hostile\.image/ })
    .first()
    .waitFor();
  await page.keyboard.press("Tab");
  await page
    .getByRole("option", { name: /onerror/ })
    .first()
    .waitFor();
  await assertHarmless(screen);
  await page.goto(`${base}/explore`);
  await page.getByRole("button", { name: "History" }).click();
  await page.getByRole("tab", { name: "Saved" }).click();
  await page.locator(".q-open", { hasText: texts.image }).first().waitFor();
  await assertHarmless(screen);
  await screen.close();
});

test("a century that lies outside is zoomed into and out of", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${base}/trace/${traces.times}`);
  for (const name of ["from 1970", "for centuries"]) {
    await page.locator(".r[data-row]", { hasText: name }).click();
    await page.locator('.r[aria-selected="true"]', { hasText: name }).waitFor();
    await page.keyboard.press("z");
    await page.waitForFunction(() => new URL(location.href).searchParams.has("zoom"));
    await assertHarmless(screen);
    await page.keyboard.press("z");
    await untilParam(page, "zoom", null);
  }
  await screen.close();
});
