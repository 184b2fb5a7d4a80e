// SPDX-License-Identifier: Apache-2.0
// Boards over made-up answers: a panel's value leads to Explore with it, and Escape drops no work unasked.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startFixtureServer } from "./fixture_server.mjs";
import { assertSound, launch, openScreen } from "./support.mjs";

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

async function post(path, body) {
  const response = await fetch(`${server.url}/api/ui/${path}`, { method: "POST", body: JSON.stringify(body) });
  return response.json();
}

async function makeBoard() {
  const query = { calculations: [{ op: "P95", column: "duration_ms" }], breakdowns: ["app.user_handle"] };
  const { id, query_id } = await post("queries", { name: "By user", query });
  const panel = {
    type: "query",
    position: { x_coordinate: 0, y_coordinate: 0, width: 6, height: 5 },
    query_panel: { query_id, query_annotation_id: id, query_style: "combo" },
  };
  const { board } = await post("boards", { name: "Users", panels: [panel] });
  return { path: `${server.url}/boards/${board.id}`, saved: id };
}

test("a value of a panel's table is filtered to in Explore, where the question is known as saved", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  const { path, saved } = await makeBoard();
  await page.goto(path);
  const cell = page.locator(".panel td.gv", { hasText: "kira" });
  await cell.hover();
  await page.getByRole("button", { name: "Filter to app.user_handle = kira" }).click();
  await page.waitForURL((url) => url.pathname === "/explore" && url.searchParams.get("saved") === saved);
  const { filters } = JSON.parse(new URL(page.url()).searchParams.get("q"));
  assert.deepEqual(filters, [{ column: "app.user_handle", op: "=", value: "kira" }]);
  await page.getByRole("button", { name: "By user changed" }).waitFor();
  await screen.close();
});

test("Escape leaves a board that was not changed, and asks before it drops a change", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  const { path } = await makeBoard();
  await page.goto(path);
  await page.locator(".panel .rt").waitFor();
  await page.keyboard.press("e");
  await page.getByText("nothing changed yet").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Edit" }).waitFor();
  await page.keyboard.press("e");
  await page.getByRole("region", { name: "By user" }).focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.getByText("not saved yet").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("Not saved. Press Esc again to leave it as it was.").waitFor();
  await page.getByRole("textbox", { name: "Name of the board" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Edit" }).waitFor();
  await screen.close();
});

for (const theme of ["light", "dark"])
  for (const size of ["wide", "phone"])
    test(`a board with a chart and its table is sound: ${size}, ${theme}`, async () => {
      const screen = await openScreen(browser, { size, theme });
      const { page } = screen;
      const { path } = await makeBoard();
      await page.goto(path);
      await page.locator(".panel .rt tbody tr").first().waitFor();
      await assertSound(screen);
      await screen.close();
    });
