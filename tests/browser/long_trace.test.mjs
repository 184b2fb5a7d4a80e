// SPDX-License-Identifier: Apache-2.0
// A trace of 100,000 spans over a real server: folded at first, scrolled at once when opened, searched by the server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { sendLongTrace } from "./long_trace.mjs";
import { api, assertSound, launch, openScreen, steadyCount, untilParam } from "./support.mjs";

const addresses = JSON.parse(readFileSync(process.env.FILLED_ADDRESSES, "utf8"));
const base = addresses.http;
const trace = "10a9000000000000000000000000beef";
let browser;
let sent;
before(async () => {
  sent = await sendLongTrace(addresses.otlp_http, trace, 100_000);
  browser = await launch();
});
after(() => browser.close());

const rows = (page) => page.locator(".r[data-row]");

async function openTrace(options, query = "") {
  const screen = await openScreen(browser, options);
  await screen.page.goto(`${base}/trace/${trace}${query}`);
  await rows(screen.page).first().waitFor();
  return screen;
}

test("like siblings are one bar each, with how many they are", async () => {
  const screen = await openTrace();
  const { page } = screen;
  assert.equal(sent, 99_991);
  await page.locator(".many-of", { hasText: "×9,998" }).first().waitFor();
  // The root, ten phases, ten groups, the one that failed and the one with a name of its own.
  assert.equal(await steadyCount(page, rows(page)), 23);
  await page.locator(".spread").first().waitFor();
  await page.getByText("needle in the middle").waitFor();
  await rows(page).filter({ has: page.locator(".many-of") }).first().click();
  await page.getByRole("region", { name: "Siblings of one shape" }).waitFor();
  await assertSound(screen);
  await screen.close();
});

test("every row of it scrolls, and few are in the page at a time", async () => {
  const screen = await openTrace();
  const { page } = screen;
  await page.getByRole("checkbox", { name: "Fold like siblings" }).click();
  await page.waitForFunction(
    () => document.querySelector("[role=treegrid]").getAttribute("aria-rowcount") === "99992",
  );
  const list = page.locator(".wfs");
  for (const share of [0.5, 1, 0.25, 0.75, 1]) {
    await list.evaluate((element, part) => element.scrollTo(0, element.scrollHeight * part), share);
    await page.waitForFunction(
      (part) => {
        const all = [...document.querySelectorAll(".r[data-row]")];
        const index = Number(all.at(-1)?.getAttribute("aria-rowindex") ?? 0);
        return Math.abs(index - part * 99_992) < 400 && document.querySelector(".r.await") === null;
      },
      share,
    );
    assert.ok((await page.locator(".r").count()) < 100);
  }
  const last = await api(base, `traces/${trace}/rows?groups=0&offset=99990`);
  await page.locator(`[data-row="${last.rows[0].id}"]`).waitFor();
  await assertSound(screen);
  await screen.close();
});

test("the next match is found wherever it is, and what hid it is opened", async () => {
  const screen = await openTrace();
  const { page } = screen;
  await page.keyboard.press("/");
  await page.keyboard.type("55555");
  await page.getByText("–/1").waitFor();
  await page.keyboard.press("Enter");
  await page.locator('.r[aria-selected="true"]', { hasText: "insert row" }).waitFor();
  await page.getByText("1/1").waitFor();
  await untilParam(page, "row", (55555).toString(16).padStart(16, "0"));
  await page.locator(".f", { hasText: "step" }).getByText("55555").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("1/1").waitFor({ state: "detached" });
  await page.keyboard.press("!");
  await page.locator('.r[aria-selected="true"] .err.str').waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.locator('.r[aria-selected="true"] .err.str').waitFor();
  await assertSound(screen);
  await screen.close();
});

test("a link to a row inside a folded group shows that row", async () => {
  const row = (77_777).toString(16).padStart(16, "0");
  const screen = await openTrace({}, `?row=${row}`);
  const { page } = screen;
  await page.locator(`[data-row="${row}"][aria-selected="true"]`).waitFor();
  await page.locator(".f", { hasText: "step" }).getByText("77777").waitFor();
  await screen.close();
});

test("the keyboard folds and opens", async () => {
  const screen = await openTrace();
  const { page } = screen;
  await page.keyboard.press("h");
  await page.waitForFunction(() => document.querySelectorAll(".r[data-row]").length === 1);
  await page.keyboard.press("l");
  await page.waitForFunction(() => document.querySelectorAll(".r[data-row]").length === 23);
  assert.deepEqual(screen.complaints, []);
  await screen.close();
});

for (const theme of ["light", "dark"])
  for (const size of ["wide", "phone"])
    test(`a long trace is sound: ${size}, ${theme}`, async () => {
      const screen = await openTrace({ size, theme });
      await screen.page.locator(".found .path li").first().waitFor();
      await assertSound(screen);
      await screen.close();
    });
