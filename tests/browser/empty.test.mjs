// SPDX-License-Identifier: Apache-2.0
// An empty server: the set-up page is its home, counts what arrives, and makes way for the first request.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { assertSound, launch, openScreen, sendRequests, texts, until } from "./support.mjs";

const file = process.env.EMPTY_ADDRESSES;
const addresses = JSON.parse(readFileSync(file, "utf8"));
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const theme of ["light", "dark"])
  for (const size of ["wide", "phone"])
    test(`set-up is the home of an empty server: ${size}, ${theme}`, async () => {
      const screen = await openScreen(browser, { size, theme });
      const { page } = screen;
      await page.goto(addresses.http);
      await page.getByRole("heading", { name: "Nothing has arrived yet" }).waitFor();
      assert.equal(new URL(page.url()).pathname, "/setup");
      await assertSound(screen);
      await screen.close();
    });

test("the addresses are those that listen, and what is copied is what is shown", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${addresses.http}/setup`);
  const shown = await texts(page.locator(".dr code"), 4);
  const xray = addresses.xray_udp.replace(/^\w+:\/\//, "");
  assert.deepEqual(shown, [
    addresses.otlp_http,
    `udp ${xray}`,
    addresses.http,
    `${addresses.http}/api/1/item/`,
  ]);
  for (const language of ["Any language", "Python", "Node", "Go", "Java"]) {
    await page.getByRole("tab", { name: language }).click();
    await page.getByRole("tab", { name: language, selected: true }).waitFor();
    const marked = await texts(page.locator(".g2 pre"), 5);
    const { http, otlp_http } = addresses;
    assert.equal(marked.length, 5);
    for (const [index, address] of [otlp_http, xray, http, http, http].entries())
      assert.ok(marked[index].includes(address), `${language} ${index}`);
  }
  await page.keyboard.press("2");
  await page.getByRole("tab", { name: "Python", selected: true }).waitFor();
  await page.getByRole("button", { name: "Copy Rollbar set-up" }).click();
  const shownText = await page.locator(".g2 pre").nth(3).innerText();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await until(async () => (await copied()) === shownText, "the clipboard to have what is shown");
  await screen.close();
});

test("what the sample app sends moves the counters and opens Requests", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(addresses.http);
  await page.getByRole("heading", { name: "Nothing has arrived yet" }).waitFor();
  const sent = sendRequests(file, 12);
  await page.waitForURL("**/requests", { timeout: 90_000 });
  await page.locator(".rr[data-trace]").first().waitFor();
  await sent;
  await assertSound(screen);
  await page.goto(`${addresses.http}/setup`);
  await page.locator('[data-door="otlp"].ok').waitFor();
  const counts = await texts(page.locator(".dr .ct"), 1);
  assert.ok(Number(counts[0].replaceAll(",", "")) > 0, counts.join(" "));
  await screen.close();
});
