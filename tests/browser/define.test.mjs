// SPDX-License-Identifier: Apache-2.0
// Fields and formulas that a question defines itself, over made-up answers: written with completion, judged while they are
// written, asked, found again in the URL, and taken out by keys.
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

const queryIn = (page) => JSON.parse(new URL(page.url()).searchParams.get("q") ?? "{}");
const asked = (page, list, count) =>
  page.waitForFunction(
    ([name, wanted]) => (JSON.parse(new URL(location.href).searchParams.get("q") ?? "{}")[name] ?? []).length === wanted,
    [list, count],
  );

test("a field is written with completion, used to group by, and a formula stands beside it", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${server.url}/explore`);
  await page.locator(".heat").waitFor();
  await page.keyboard.press("d");
  await page.getByRole("textbox", { name: "Name of the field" }).waitFor();
  await page.keyboard.type("speed");
  await page.keyboard.press("Tab");
  await page.keyboard.type("i");
  await page.getByRole("option", { name: /^IF/ }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type("GTE(dur");
  await page.getByRole("option", { name: /^duration_ms/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.type(', 500), "slow", "fast"');
  const expression = page.getByRole("textbox", { name: "Expression of speed" });
  const wanted = 'IF(GTE($duration_ms, 500), "slow", "fast")';
  await page.waitForFunction((text) => document.activeElement.value.startsWith(text), wanted.slice(0, -1));
  await expression.fill(wanted);
  assert.equal(new URL(page.url()).searchParams.get("q"), null, "a draft is not asked yet");

  await page.getByRole("button", { name: "Add a group" }).click();
  await page.keyboard.type("spe");
  await page.getByRole("option", { name: /^speed\s*calculated/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Enter");
  await asked(page, "calculated_fields", 1);
  assert.deepEqual(queryIn(page).calculated_fields, [{ name: "speed", expression: wanted }]);
  assert.deepEqual(queryIn(page).breakdowns, ["speed"]);

  await page.getByRole("button", { name: "+ Formula" }).click();
  await page.keyboard.type("twice");
  await page.keyboard.press("Tab");
  await page.keyboard.type("p9");
  await page.getByRole("option", { name: /^P95/ }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type(" * 2");
  await page.keyboard.press("Enter");
  await asked(page, "formulas", 1);
  assert.deepEqual(queryIn(page).formulas, [{ name: "twice", expression: '$"P95(duration_ms)" * 2' }]);
  await page.locator(".info", { hasText: /over 1,204,331 rows read/ }).waitFor();
  await assertSound(screen);
  await page.reload();
  await page.getByRole("textbox", { name: "Expression of twice" }).waitFor();
  assert.equal(await expression.inputValue(), wanted);
  await page.goBack();
  await page.getByRole("textbox", { name: "Expression of twice" }).waitFor({ state: "detached" });
  await screen.close();
});

test("what is wrong is said at its place while it is written, and by the run", async () => {
  const screen = await openScreen(browser, { expected: /status of 400/ });
  const { page } = screen;
  await page.goto(`${server.url}/explore`);
  await page.locator(".heat").waitFor();
  await page.keyboard.press("f");
  await page.keyboard.type("half");
  await page.keyboard.press("Tab");
  await page.keyboard.type('CONCAT("é") + div($COUNT, 2)');
  await page.locator(".fault u", { hasText: /^div$/ }).waitFor();
  await page.getByText("Functions are written in upper case: DIV.").waitFor();
  await page.keyboard.press("Escape");
  await assertSound(screen);
  await page.getByRole("button", { name: /div/ }).click();
  const place = await page.evaluate(() => document.activeElement.selectionStart);
  assert.equal(place, 'CONCAT("é") + '.length, "the cursor stands where it is wrong");
  await page.keyboard.press("Control+Enter");
  await page.locator(".note", { hasText: "upper case" }).waitFor();
  await page.locator(".fault u", { hasText: /^div$/ }).waitFor();
  await page.getByRole("textbox", { name: "Expression of half" }).fill("DIV($COUNT, 2)");
  await page.locator(".fault").waitFor({ state: "detached" });
  await page.keyboard.press("Control+Enter");
  await page.locator(".note").waitFor({ state: "detached" });
  await screen.close();
});

test("a row goes by Backspace where nothing stands, and by its button; the keys stay in the strip", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${server.url}/explore`);
  await page.locator(".heat").waitFor();
  for (const name of ["a", "b"]) {
    await page.getByRole("button", { name: "+ Field" }).click();
    await page.keyboard.type(name);
  }
  const names = page.getByRole("textbox", { name: "Name of the field" });
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Backspace");
  await page.waitForFunction(() => document.querySelectorAll(".def").length === 1);
  assert.equal(await names.inputValue(), "a");
  await page.waitForFunction(() => document.activeElement.value === "a");
  await page.getByRole("button", { name: "Take out a" }).press("Enter");
  await page.locator(".defs").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement.id === "add-calculated_fields");
  await screen.close();
});

for (const theme of ["light", "dark"])
  for (const size of ["wide", "phone"])
    test(`rows are sound: ${size}, ${theme}`, async () => {
      const screen = await openScreen(browser, { size, theme, expected: /status of 400/ });
      const { page } = screen;
      const query = {
        calculations: [{ op: "P95", column: "duration_ms" }, { op: "COUNT" }],
        calculated_fields: [
          { name: "speed", expression: 'IF(GTE($duration_ms, 500), "slow", GTE($duration_ms, 100), "so so", "fast")' },
        ],
        formulas: [{ name: "share", expression: 'div($"P95(duration_ms)", $COUNT) * 100' }],
        breakdowns: ["speed"],
      };
      await page.goto(`${server.url}/explore?q=${encodeURIComponent(JSON.stringify(query))}`);
      await page.locator(".fault").waitFor();
      await assertSound(screen);
      await page.getByRole("textbox", { name: "Expression of share" }).fill("");
      await page.keyboard.press("ArrowDown");
      await page.getByRole("option", { name: /^COUNT/ }).waitFor();
      await assertSound(screen);
      await screen.close();
    });
