// SPDX-License-Identifier: Apache-2.0
// Two groups of an answer held against each other, over made-up answers: chosen in the table, by keys and among lines.
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

const query = { calculations: [{ op: "COUNT" }], breakdowns: ["app.user_handle"] };
const path = `/explore?range=180m&q=${encodeURIComponent(JSON.stringify(query))}`;
const param = (page, name) => new URL(page.url()).searchParams.get(name);

/** What the next comparison asks. */
async function nextAsked(page) {
  const request = await page.waitForRequest((own) => own.url().includes("explore/bubbleups"));
  return request.postDataJSON();
}

test("two rows are compared, swapped, and found again in the URL", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(server.url + path);
  const row = (name) => page.locator(".rt td.gv", { hasText: name });
  await row("garek").hover();
  await page.getByRole("button", { name: "Compare garek with another group" }).click();
  await page.getByText("Now choose the group to compare it with.").waitFor();
  await row("worf").hover();
  const first = nextAsked(page);
  await page.getByRole("button", { name: "Compare garek with worf" }).click();
  const body = await first;
  assert.deepEqual(body.selection.group, { "app.user_handle": "garek" });
  assert.deepEqual(body.baseline.group, { "app.user_handle": "worf" });
  assert.equal(body.baseline.start_ns, body.selection.start_ns, "over the same time");
  await page.getByRole("heading", { name: "What sets garek apart from worf" }).waitFor();
  await page.locator(".rt tr.against", { hasText: "worf" }).waitFor();
  await page.locator('.fc li[title$="of worf"]').first().waitFor();
  // What a row offers stands beside its name and covers no other cell.
  const cell = await row("worf").boundingBox();
  const offered = await row("worf").locator(".acts").boundingBox();
  assert.ok(offered.x + offered.width <= cell.x + cell.width + 1, `${offered.x} in ${cell.x}`);
  await assertSound(screen);
  assert.equal(param(page, "vs"), '["worf"]');

  const second = nextAsked(page);
  await page.getByRole("button", { name: "Swap" }).click();
  assert.deepEqual((await second).selection.group, { "app.user_handle": "worf" });
  await page.getByRole("heading", { name: "What sets worf apart from garek" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "What sets worf apart from garek" }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: "What sets garek apart from worf" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".bu").waitFor({ state: "detached" });
  assert.equal(param(page, "vs"), null);
  await screen.close();
});

test("two groups are compared by keys alone", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(server.url + path);
  await page.getByRole("button", { name: "kira", exact: true }).focus();
  await page.keyboard.press("c");
  await page.locator('.rt tr[aria-selected="true"]', { hasText: "kira" }).waitFor();
  await page.getByRole("button", { name: "picard", exact: true }).focus();
  await page.keyboard.press("c");
  await page.getByRole("heading", { name: "What sets kira apart from picard" }).waitFor();
  await screen.close();
});

test("a line that is pressed with Shift is compared with the one that is held", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${server.url}${path}&hold=${encodeURIComponent('["worf"]')}`);
  await page.getByRole("button", { name: "worf", exact: true }).and(page.locator('[aria-pressed="true"]')).waitFor();
  const box = await page.locator(".lines").boundingBox();
  await page.keyboard.down("Shift");
  // Some line lies within reach of the pointer at one of these heights; beside them nothing happens.
  for (let part = 0.05; part < 1 && param(page, "vs") === null; part += 0.05)
    await page.mouse.click(box.x + box.width * 0.4, box.y + box.height * part);
  await page.keyboard.up("Shift");
  await page.getByRole("heading", { name: /What sets worf apart from / }).waitFor();
  await screen.close();
});

for (const theme of ["light", "dark"])
  for (const size of ["wide", "phone"])
    test(`two groups side by side are sound: ${size}, ${theme}`, async () => {
      const screen = await openScreen(browser, { size, theme });
      const { page } = screen;
      const now = Math.floor(Date.now() / 1000);
      const chosen = { hold: '["andrewbrown"]', vs: '["bashir"]', sel: `${now - 9000}~${now}~0~0~` };
      await page.goto(`${server.url}${path}&${new URLSearchParams(chosen)}`);
      await page.getByRole("heading", { name: "What sets andrewbrown apart from bashir" }).waitFor();
      await page.locator(".fc").first().waitFor();
      await assertSound(screen);
      await screen.close();
    });
