// SPDX-License-Identifier: Apache-2.0
// Explore and Boards over a real server that the sample app filled: latency of its create-activity action by user handle,
// asked, saved, put on a board, and found again through Honeycomb's own objects.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { api, assertSound, launch, openScreen } from "./support.mjs";

const base = JSON.parse(readFileSync(process.env.FILLED_ADDRESSES, "utf8")).http;
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const users = ["andrewbrown", "bashir", "garek", "kira", "picard", "worf"];

test("latency by user handle is asked by hand, saved, and stands on a board", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${base}/explore?range=180m`);
  await page.locator(".heat").waitFor();
  await assertSound(screen);

  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.keyboard.type("http.rou");
  await page.getByRole("option", { name: /^http\.route/ }).click();
  await page.getByRole("combobox", { name: "Value" }).fill("/api/activities");
  await page.keyboard.press("Enter");
  await page.locator(".qs .chip", { hasText: "/api/activities" }).waitFor();
  await page.getByRole("button", { name: "Add a group" }).click();
  await page.keyboard.type("app.user_handle");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Enter");
  for (const user of users) await page.locator(".rt .nm", { hasText: new RegExp(`^${user}$`) }).waitFor();
  await page.getByText(/ · \d+ groups · /).waitFor();
  await assertSound(screen);

  // What is shown is what the API says.
  const query = JSON.parse(new URL(page.url()).searchParams.get("q"));
  const response = await fetch(`${base}/api/ui/explore/runs`, {
    method: "POST",
    body: JSON.stringify({ query: { ...query, time_range: 10_800 }, wait_ms: 2000, remember: false }),
  });
  const { result } = await response.json();
  const p95 = result.data.results.find(({ data }) => data["app.user_handle"] === "worf").data["P95(duration_ms)"];
  const row = page.locator(".rt tbody tr", { hasText: "worf" });
  const text = await row.locator("td.num.med").first().innerText();
  assert.ok(text.includes(p95 < 100 ? p95.toFixed(1) : p95.toFixed(0)), `${text} is ${p95}`);

  const heat = await page.locator(".heat").boundingBox();
  await page.mouse.move(heat.x + heat.width * 0.5, heat.y + 12);
  await page.mouse.down();
  // Past the end of the plot, so that the newest events are in it.
  await page.mouse.move(heat.x + heat.width * 0.99, heat.y + heat.height * 0.5, { steps: 6 });
  await page.mouse.up();
  await page.getByText(/\d+ fields? compared in/).waitFor();
  await assertSound(screen);
  await page.keyboard.press("x");
  await page.waitForURL("**/trace/*");
  await page.locator(".r[data-row]").first().waitFor();
  await page.goBack();
  await page.locator(".bu").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".bu").waitFor({ state: "detached" });

  await page.keyboard.press("s");
  await page.getByRole("textbox", { name: "Name" }).fill("Latency by user handle");
  await page.getByLabel("Board").selectOption("a new one");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL("**/boards/*");
  await page.locator(".panel .heat").waitFor();
  await page.locator(".panel .rt .nm", { hasText: "worf" }).waitFor();
  await assertSound(screen);

  const { queries } = await api(base, "queries");
  const saved = queries.find(({ name }) => name === "Latency by user handle");
  assert.deepEqual(saved.query.breakdowns, ["app.user_handle"]);
  const { entries } = await api(base, "explore/history");
  assert.ok(entries.some((entry) => entry.query.breakdowns?.[0] === "app.user_handle" && entry.state === "done"));
  await screen.close();
});

test("the requests' filter comes along to Explore", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${base}/requests?range=180m&filter=status%20%3D%20500`);
  await page.locator(".rr[data-trace]").first().waitFor();
  await page.keyboard.press("e");
  await page.waitForURL("**/explore*");
  await page.locator(".qs .chip", { hasText: "http.status_code = 500 or" }).waitFor();
  await page.locator(".rt tbody tr").first().waitFor();
  await page.getByRole("button", { name: "Events", exact: true }).click();
  await page.locator(".ev tbody tr").first().waitFor();
  await assertSound(screen);
  await screen.close();
});
