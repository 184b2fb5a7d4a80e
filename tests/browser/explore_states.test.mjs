// SPDX-License-Identifier: Apache-2.0
// Explore and Boards over made-up answers: every state that a real server is hard to bring into, in both sizes and themes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startFixtureServer } from "./fixture_server.mjs";
import { assertSound, launch, openScreen, texts, untilParam } from "./support.mjs";

let browser;
let server;
before(async () => {
  server = await startFixtureServer();
  browser = await launch();
});
after(async () => {
  await browser.close();
  server.close();
});

const byUser = {
  calculations: [
    { op: "HEATMAP", column: "duration_ms" },
    { op: "P95", column: "duration_ms" },
  ],
  filters: [
    { column: "http.route", op: "=", value: "/api/activities" },
    { or: [{ column: "a", op: "exists" }, { not: { column: "b", op: "=", value: 2 } }] },
  ],
  breakdowns: ["app.user_handle"],
};
const pathOf = (query, more = "") => `/explore?range=180m&q=${encodeURIComponent(JSON.stringify(query))}${more}`;
const queryIn = (page) => JSON.parse(new URL(page.url()).searchParams.get("q"));
const param = (page, name) => new URL(page.url()).searchParams.get(name);
const aboutField = (column) => ({ ...byUser, filters: [{ column, op: "exists" }] });

async function openExplore(screen, query = byUser, more = "") {
  await screen.page.goto(server.url + pathOf(query, more));
  await screen.page.locator(".heat").waitFor();
}

async function drag(page, from, to) {
  const box = await page.locator(".heat").boundingBox();
  const at = ([x, y]) => [box.x + box.width * x, box.y + box.height * y];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 5 });
  await page.mouse.up();
}

test("a question is built with completion, asked by keys, and Back undoes each step", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${server.url}/explore`);
  await page.locator(".heat").waitFor();
  await page.getByRole("button", { name: "Add a group" }).click();
  await page.keyboard.type("user_h");
  await page.getByRole("option", { name: /app\.user_handle\s*garek, worf.*20,411/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator(".qs .chip", { hasText: "app.user_handle" }).waitFor();
  assert.equal(param(page, "q"), null, "a draft is not asked yet");
  await page.keyboard.press("Control+Enter");
  await page.locator(".rt tbody tr", { hasText: "garek" }).waitFor();
  await page.waitForURL((url) => url.searchParams.has("q"));
  assert.deepEqual(queryIn(page).breakdowns, ["app.user_handle"]);

  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.keyboard.type("http.status_code");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Value" }).fill("500");
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => new URL(location.href).searchParams.get("q").includes("500"));
  assert.deepEqual(queryIn(page).filters, [{ column: "http.status_code", op: "=", value: 500 }]);
  await page.goBack();
  await page.locator(".qs .chip", { hasText: "500" }).waitFor({ state: "detached" });
  assert.deepEqual(queryIn(page).breakdowns, ["app.user_handle"]);
  await page.goBack();
  await page.locator(".qs .chip", { hasText: "app.user_handle" }).waitFor({ state: "detached" });
  await screen.close();
});

test("nested conditions read as a sentence and are edited as a tree", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await openExplore(screen);
  await page.getByRole("button", { name: "(a exists or not (b = 2))", exact: true }).click();
  const tree = page.getByRole("dialog", { name: "Where" });
  await tree.getByRole("group", { name: "any of" }).waitFor();
  await tree.getByRole("group", { name: "any of" }).getByRole("combobox", { name: "How these are put together" }).first().selectOption("none of");
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => new URL(location.href).searchParams.get("q").includes('"not":{"or"'));
  await assertSound(screen);
  await screen.close();
});

test("dragging over the heat map compares, Escape and Back undo it", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await openExplore(screen);
  await drag(page, [0.55, 0.05], [0.65, 0.3]);
  await page.getByRole("heading", { name: /What sets the selection apart/ }).waitFor();
  await page.locator(".fc", { hasText: "garek: 82 % against 7.0 %" }).waitFor();
  assert.match(param(page, "sel"), /HEATMAP\(duration_ms\)$/);
  await page.getByRole("columnheader", { name: "Selected" }).waitFor();
  await assertSound(screen);
  await page.keyboard.press("Escape");
  await page.locator(".bu").waitFor({ state: "detached" });
  await page.goBack();
  await page.locator(".bu").waitFor();
  await page.locator(".fc li", { hasText: "garek" }).hover();
  await page.getByRole("button", { name: "Filter to garek" }).click();
  await page.locator(".qs .chip", { hasText: "app.user_handle = garek" }).waitFor();
  await page.locator(".bu").waitFor({ state: "detached" });
  await screen.close();
});

test("a heat map is selected in by keys, and X opens the slowest trace from there", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await openExplore(screen);
  await page.locator(".heat").focus();
  for (const key of ["ArrowRight", "Shift+ArrowRight", "Shift+ArrowUp"]) await page.keyboard.press(key);
  await page.keyboard.press("Enter");
  await page.locator(".bu").waitFor();
  await page.keyboard.press("b");
  await page.waitForFunction(() => document.activeElement.className === "bu");
  await page.keyboard.press("x");
  await page.waitForURL("**/trace/a3f19c07e4d24b0c9d6f0e7712cc51b8*");
  await screen.close();
});

test("a row holds its series, heads sort, a line's range becomes the time", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await openExplore(screen);
  await page.getByRole("button", { name: "worf", exact: true }).click();
  await page.locator('.rt tr[aria-selected="true"]', { hasText: "worf" }).waitFor();
  await untilParam(page, "hold", '["worf"]');
  await page.getByText("worf alone").waitFor();
  await page.keyboard.press("b");
  await page.locator(".bu .hd", { hasText: /events, .*, worf\./ }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".bu").waitFor({ state: "detached" });
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await page.locator('.rt tr[aria-selected="true"]').waitFor({ state: "detached" });
  await page.getByRole("columnheader", { name: "Errors" }).getByRole("button").click();
  await page.locator('th[aria-sort="descending"]').waitFor();
  const errors = await texts(page.locator(".rt tbody tr:not(.sum) .k6"), 2);
  const numbers = errors.map((text) => Number(text.replaceAll(",", "")));
  assert.deepEqual(numbers, numbers.toSorted((a, b) => b - a));
  const box = await page.locator(".lines").boundingBox();
  await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction(() => new URL(location.href).searchParams.has("from"));
  await screen.close();
});

test("a slow question tells how far it is and can be cancelled; what was there stays", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await openExplore(screen);
  await page.evaluate((path) => history.pushState(null, "", path), pathOf(aboutField("slow")));
  await page.evaluate(() => dispatchEvent(new PopStateEvent("popstate")));
  await page.getByText("400,000 rows read of 1,600,000").waitFor();
  await page.locator(".left.dim .heat").waitFor();
  await page.getByRole("button", { name: /Cancel/ }).click();
  await page.getByRole("button", { name: /^Run/ }).waitFor();
  await page.locator(".left:not(.dim) .heat").waitFor();
  await screen.close();
});

test("a first question that is cancelled says so and can be run again", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(server.url + pathOf(aboutField("slow")));
  await page.getByText("400,000 rows read of 1,600,000").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("No answer yet.").waitFor();
  await page.getByText("Run the question above.").waitFor();
  await assertSound(screen);
  await page.getByRole("button", { name: /^Run/ }).click();
  await page.getByRole("button", { name: /^Cancel/ }).waitFor();
  await page.getByText("No answer yet.").waitFor({ state: "detached" });
  await screen.close();
});

test("what is wrong is marked at its place; no events offer a way on", async () => {
  const screen = await openScreen(browser, { expected: /status of 400/ });
  const { page } = screen;
  await page.goto(server.url + pathOf(aboutField("wrong")));
  await page.getByText("wrong is no field.").waitFor();
  await page.locator(".chip.bad", { hasText: "wrong" }).waitFor();
  await assertSound(screen);
  await page.goto(server.url + pathOf(aboutField("nothing")));
  await page.getByText("No events in the last 3 h match nothing exists.").waitFor();
  await page.getByRole("button", { name: "Take the conditions out" }).click();
  await page.locator(".heat").waitFor();
  await screen.close();
});

test("a question is saved to a new board, which is arranged by keys and keeps its panels", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await openExplore(screen);
  await page.keyboard.press("s");
  await page.getByRole("textbox", { name: "Name" }).fill("Slow users");
  await page.getByLabel("Board").selectOption("a new one");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL("**/boards/*");
  await page.getByRole("heading", { name: "Slow users" }).first().waitFor();
  await page.locator(".panel .heat").waitFor();
  await page.keyboard.press("e");
  await page.getByRole("button", { name: "Add a panel" }).click();
  await page.getByRole("button", { name: /^Text/ }).click();
  const text = page.getByRole("region", { name: "Text" });
  await text.focus();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowLeft");
  await page.getByText("not saved yet").waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Title" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Title" }).waitFor();
  const style = await page.locator(".panel.plain").getAttribute("style");
  assert.match(style, /span 5/);
  assert.match(style, /span 3/);
  await page.getByRole("link", { name: "Slow users" }).click();
  await page.waitForURL("**/explore*");
  assert.deepEqual(queryIn(page).breakdowns, ["app.user_handle"]);
  await page.getByRole("button", { name: "History" }).click();
  await page.getByRole("tab", { name: "Saved" }).click();
  await page.getByRole("button", { name: /Slow users/ }).first().waitFor();
  await screen.close();
});

for (const theme of ["light", "dark"])
  for (const size of ["wide", "phone"])
    test(`Explore and Boards are sound: ${size}, ${theme}`, async () => {
      const screen = await openScreen(browser, { size, theme });
      const { page } = screen;
      const now = Math.floor(Date.now() / 1000);
      const sel = `&sel=${now - 5000}~${now - 3600}~384~640~HEATMAP(duration_ms)`;
      await openExplore(screen, byUser, sel);
      await page.locator(".fc").first().waitFor();
      await assertSound(screen);
      await openExplore(screen, { ...byUser, compare_time_offset_seconds: 86_400 }, "&view=events");
      await page.locator(".ev tbody tr").first().waitFor();
      await assertSound(screen);
      for (const [open, close] of [
        [page.getByRole("button", { name: "Add a calculation" }), "Escape"],
        [page.getByRole("button", { name: "Add a condition" }), "Escape"],
        [page.getByRole("button", { name: /^Order/ }), "Escape"],
        [page.getByRole("button", { name: "History" }), "Escape"],
        [page.getByRole("button", { name: /^Save/ }), "Escape"],
      ]) {
        await open.click();
        await page.getByRole("dialog").waitFor();
        await assertSound(screen);
        // The first one may close a list of offers, the next the editor.
        for (let i = 0; i < 3 && (await page.getByRole("dialog").count()) > 0; i += 1) await page.keyboard.press(close);
        await page.getByRole("dialog").waitFor({ state: "detached" });
      }
      await page.goto(`${server.url}/boards`);
      await page.getByText(/No boards yet|panel/).first().waitFor();
      await assertSound(screen);
      await page.getByRole("textbox", { name: "Name of a new board" }).fill(`Board ${size} ${theme}`);
      await page.keyboard.press("Enter");
      await page.getByText("This board is empty.").waitFor();
      await assertSound(screen);
      await page.getByRole("button", { name: "Edit" }).click();
      await assertSound(screen);
      await screen.close();
    });
