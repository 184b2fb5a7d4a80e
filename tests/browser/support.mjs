// SPDX-License-Identifier: Apache-2.0
// Chromium as the tests use it: Debian's own, driven by the playwright-core that web/ has locked. A screen is one page
// in one size and theme; it keeps what the console complained of.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axePath = require.resolve("axe-core/axe.min.js");

export const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page and what it complained of. `expected` are complaints that belong to the test. */
export async function openScreen(browser, { size = "wide", theme = "light", expected = /$^/ } = {}) {
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme: theme,
    hasTouch: size === "phone",
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
    timezoneId: "Asia/Kathmandu",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  const note = (text) => expected.test(text) || complaints.push(text);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") note(message.text());
  });
  page.on("pageerror", (error) => note(String(error.stack)));
  return { page, complaints, close: () => context.close() };
}

/** What must hold on every screen: nothing to the side, no complaint, nothing serious for axe. */
export async function assertSound(screen) {
  const { page, complaints } = screen;
  // An old answer is dimmed while a new one is awaited; what is judged is the new one.
  await page.waitForFunction(() => document.querySelector(".dim") === null);
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(wider, 0, "the page scrolls sideways");
  await page.evaluate(readFileSync(axePath, "utf8"));
  const violations = await page.evaluate(async () => {
    const found = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return found.violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  });
  assert.deepEqual(violations, [], "axe");
  assert.deepEqual(complaints, [], "console");
}

/** Runs the sample app against a server until its SDKs have sent everything. */
export function sendRequests(addressFile, requests) {
  const script = fileURLToPath(new URL("../../examples/flask/traffic.py", import.meta.url));
  const args = [script, "--addresses", addressFile, "--requests", String(requests)];
  const child = spawn(process.env.PYTHON ?? "python3", args, { stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`traffic.py: ${code}`))));
  });
}

/** Waits until `condition` gives something true; Playwright's own waiting covers what is on the page. */
export async function until(condition, what, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The texts of `count` elements, at least, once they are there. */
export async function texts(locator, count) {
  await locator.nth(count - 1).waitFor();
  return locator.allInnerTexts();
}

/** How many elements there are, once there are some and their number stays for ten frames. */
export async function steadyCount(page, locator) {
  await locator.first().waitFor();
  for (let before = -1; ; ) {
    const now = await locator.count();
    if (now > 0 && now === before) return now;
    before = now;
    await page.evaluate(async () => {
      for (let frame = 0; frame < 10; frame += 1) await new Promise(requestAnimationFrame);
    });
  }
}

/** Waits until a parameter of the page's address has a value. */
export function untilParam(page, name, value) {
  return page.waitForURL((url) => url.searchParams.get(name) === value);
}

export async function api(base, path) {
  const response = await fetch(`${base}/api/ui/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
