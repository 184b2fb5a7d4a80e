// SPDX-License-Identifier: Apache-2.0
// The service map and the comparison of traces, over a real server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { sendServices } from "./services.mjs";
import { assertSound, launch, openScreen, until, untilParam } from "./support.mjs";

const addresses = JSON.parse(readFileSync(process.env.FILLED_ADDRESSES, "utf8"));
const base = addresses.http;
let browser;
let ids;
before(async () => {
  ids = await sendServices(addresses.otlp_http);
  browser = await launch();
});
after(() => browser.close());

const box = (page, name) => page.locator(".svc", { has: page.getByText(name, { exact: true }) });
const path = (page, name) => page.locator(`.dfr[data-path="${name}"]`).first();

test("the map shows who calls whom, and the spans behind a part of a spread", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${base}/map`);
  for (const name of ["web", "cart-api", "prices", "postgresql orders"]) await box(page, name).waitFor();
  const left = async (name) => (await box(page, name).boundingBox())?.x ?? NaN;
  const inOrder = async () =>
    (await left("web")) < (await left("cart-api")) && (await left("cart-api")) < (await left("prices"));
  await until(inOrder, "callers to stand left of whom they call");
  await page.getByRole("button", { name: /^cart-api to postgresql orders/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("as the caller saw it").waitFor();
  await untilParam(page, "on", "cart-api>postgresql orders");
  await page.locator(".exs li", { hasText: "SELECT items" }).first().waitFor();
  await box(page, "web").click();
  await page.getByText("as it served").waitFor();
  await page.locator(".exs li").nth(19).waitFor();
  await page.locator(".lenbrush .bars").waitFor();
  const bars = await page.locator(".lenbrush .bars").boundingBox();
  await page.mouse.move(bars.x + bars.width - 2, bars.y + 40);
  await page.mouse.down();
  await page.mouse.move(bars.x + bars.width * 0.8, bars.y + 40);
  await page.mouse.up();
  await page.getByText("of this length").waitFor();
  await page.waitForFunction(() => {
    const lengths = [...document.querySelectorAll(".exs .num")].map((one) => parseFloat(one.innerText));
    return lengths.length > 0 && lengths.every((ms) => ms > 150);
  });
  await assertSound(screen);
  await page.locator(".exs a").first().click();
  await page.waitForURL("**/trace/*");
  await page.locator('.r[aria-selected="true"]').waitFor();
  await screen.close();
});

test("a part of a spread stays in the URL, and Explore asks about its spans", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${base}/map?on=${encodeURIComponent("cart-api>prices")}`);
  await page.locator(".exs li").nth(19).waitFor();
  const all = await page.locator(".mappanel .top2 p").innerText();
  const link = page.getByRole("link", { name: "Explore these" });
  await link.click();
  await page.waitForURL("**/explore?*");
  // As many as the map counted.
  const cell = page.locator(".rt tbody tr:not(.sum) .k2");
  await cell.waitFor();
  const counted = Number((await cell.innerText()).replaceAll(/\D/g, ""));
  assert.ok(all.includes(`${counted} spans`), `${all} has ${counted}`);
  await page.goBack();
  await page.locator(".lenbrush").waitFor();
  await page.getByRole("button", { name: "slowest 5 %" }).click();
  await page.getByText("of this length").waitFor();
  await page.waitForURL((url) => /^\d+~\d+$/.test(url.searchParams.get("len") ?? ""));
  await page.reload();
  await page.getByText("of this length").waitFor();
  await link.click();
  await page.waitForURL("**/explore?*");
  const { filters: asked } = JSON.parse(new URL(page.url()).searchParams.get("q"));
  const filters = asked.map(({ column }) => column);
  assert.deepEqual(filters.slice(-2), ["duration_ms", "duration_ms"]);
  await page.locator(".rt tbody tr").first().waitFor();
  await page.goBack();
  await page.getByText("of this length").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("drag over the lengths").waitFor();
  await untilParam(page, "len", null);
  await screen.close();
});

test("the map follows the filter", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${base}/map?filter=${encodeURIComponent("service = web AND error = true")}`);
  await box(page, "cart-api").getByText("100 % failed").waitFor();
  await page.goto(`${base}/map?filter=${encodeURIComponent("service = nobody")}`);
  await page.getByText("No spans in this time.").waitFor();
  await screen.close();
});

test("a slow trace beside the usual one", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${base}/trace/${ids.at(-1)}`);
  await page.locator(".r[data-row]").first().waitFor();
  await page.locator(".many-of", { hasText: "×13" }).waitFor();
  await page.getByRole("button", { name: "Compare with …" }).click();
  await page.getByRole("link", { name: /the usual one/ }).click();
  await page.waitForURL("**/diff/*/*");
  await path(page, "SELECT items").getByText("more often").waitFor();
  await path(page, "cache hit").getByText("only in A").waitFor();
  await path(page, "GET /cart").getByText("slower").waitFor();
  const all = await page.locator(".dfr").count();
  await page.getByRole("checkbox", { name: "Only what differs" }).click();
  await path(page, "POST /price").waitFor({ state: "detached" });
  assert.ok((await page.locator(".dfr").count()) < all);
  await assertSound(screen);
  await screen.close();
});

test("a comparison of nothing says what to choose", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${base}/diff`);
  await page.getByText("Both sides are the same requests.").waitFor();
  await page.getByRole("textbox", { name: "Filter of A" }).waitFor();
  await assertSound(screen);
  await page.getByRole("button", { name: "those over 100 ms against the quicker ones" }).click();
  await page.waitForURL(/a_filter=.*b_filter=/);
  await path(page, "SELECT items").waitFor();
  await page.goBack();
  await page.getByText("Both sides are the same requests.").waitFor();
  // A filter that cannot be read leaves its line to be mended.
  await page.getByRole("textbox", { name: "Filter of B" }).fill("duration_ms >");
  await page.keyboard.press("Enter");
  await page.getByText("A value belongs here.").waitFor();
  await page.getByRole("textbox", { name: "Filter of B" }).fill("service = web AND duration_ms >= 100");
  await page.keyboard.press("Enter");
  await page.getByText("20 traces").waitFor();
  await screen.close();
});

test("slow requests against quick ones", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  const filters = new URLSearchParams({
    a_filter: "service = web AND duration_ms < 100",
    b_filter: "service = web AND duration_ms >= 100",
  });
  await page.goto(`${base}/diff?${filters}`);
  await page.getByText("80 traces").waitFor();
  await page.getByText("20 traces").waitFor();
  await path(page, "SELECT items").getByText("more often").waitFor();
  assert.match(await path(page, "SELECT items").locator(".often").innerText(), /^1 → 14/);
  await path(page, "cache hit").getByText("only in A").waitFor();
  await page.getByRole("textbox", { name: "Filter of A" }).fill("service = web AND error = true");
  await page.keyboard.press("Enter");
  await page.getByText("10 traces").waitFor();
  assert.deepEqual(screen.complaints, []);
  await screen.close();
});

for (const theme of ["light", "dark"])
  for (const size of ["wide", "phone"])
    test(`map and comparison are sound: ${size}, ${theme}`, async () => {
      const screen = await openScreen(browser, { size, theme });
      await screen.page.goto(`${base}/map?on=web`);
      await screen.page.locator(".exs li").first().waitFor();
      await assertSound(screen);
      await screen.page.goto(`${base}/diff/${ids[0]}/${ids.at(-1)}`);
      await path(screen.page, "SELECT items").waitFor();
      await assertSound(screen);
      await screen.close();
    });
