// SPDX-License-Identifier: Apache-2.0
// The page of the sample backend in C++: what a person does there, and the trace that Skep has of it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { api, assertSound, launch, openScreen, until } from "./support.mjs";

const addresses = JSON.parse(readFileSync(process.env.FILLED_ADDRESSES, "utf8"));
const binary = process.env.ACTIVITIES_BINARY ?? fileURLToPath(new URL("../../build/activities/activities", import.meta.url));
let browser, backend, base;

before(async () => {
  browser = await launch();
  backend = spawn(binary, ["--host", "127.0.0.1", "--port", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
    env: {
      ...process.env,
      APP_DELAY_MS: "0-0",
      OTEL_SERVICE_NAME: "page-of-activities",
      OTEL_BSP_SCHEDULE_DELAY: "50",
      OTEL_EXPORTER_OTLP_ENDPOINT: addresses.otlp_http,
      AWS_XRAY_DAEMON_ADDRESS: addresses.xray_udp.split("://").pop(),
      ROLLBAR_ENDPOINT: `${addresses.http}/api/1/`,
      ROLLBAR_ACCESS_TOKEN: "any",
      ROLLBAR_ENV: "page-of-activities",
    },
  });
  // "activities: http://127.0.0.1:PORT/" comes first; the pipe stays open for what follows.
  base = await new Promise((resolve, reject) => {
    backend.on("exit", (code) => reject(new Error(`the backend ended: ${code}`)));
    createInterface(backend.stdout).once("line", (line) => resolve(line.match(/http:\S+/)[0]));
  });
});
after(async () => {
  backend?.kill();
  await browser?.close();
});

const calls = (page) => page.locator("#calls tr");
const opened = async (options) => {
  const screen = await openScreen(browser, options);
  await screen.page.goto(base);
  await calls(screen.page).first().waitFor();
  return screen;
};

test("a message is posted, found, answered, and Skep has the trace that the page names", async () => {
  const screen = await opened();
  const { page } = screen;
  await page.locator("#skep").fill(addresses.http);
  await page.locator("#skep").blur();
  const message = "Live <long> & prosper";
  await page.locator("[name=user_handle]").fill("spock");
  await page.locator("[name=message]").fill(message);
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await page.locator("#feed li", { hasText: message }).getByRole("button", { name: "@spock" }).waitFor();
  await page.getByLabel("Search messages and handles").fill("PROSPER");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("heading", { name: "Search: PROSPER" }).waitFor();
  assert.equal(await page.locator("#feed li").count(), 1);
  await page.getByRole("button", { name: "Answer", exact: true }).click();
  await page.locator("[name=message]").fill("Peace");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  const posted = page.locator("#feed li", { hasText: message });
  await posted.getByRole("button", { name: "1 answer", exact: true }).click();
  await page.locator("#feed li", { hasText: "Peace" }).waitFor();
  await assertSound(screen);
  const created = calls(page).filter({ has: page.locator('td[title="POST /api/activities"]') });
  const link = await created.getByRole("link").getAttribute("href");
  assert.ok(link.startsWith(`${addresses.http}/trace/`), link);
  await until(async () => {
    const response = await fetch(`${addresses.http}/api/ui/traces/${link.split("/").pop()}`);
    return response.ok && (await response.text()).includes("create-activity");
  }, "the trace in Skep");
  await page.goto(link);
  await page.getByText("create-activity").first().waitFor();
  await screen.close();
});

test("what is refused says why, and what fails is shown as failed", async () => {
  const screen = await opened({ size: "phone", theme: "dark", expected: /status of (422|500)/ });
  const { page } = screen;
  await page.locator("[name=message]").fill("  ");
  await page.locator("[name=ttl]").selectOption("for-ever");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await page.getByText("refused: message_blank, ttl_blank").waitFor();
  await page.locator("[name=message]").fill("x".repeat(281));
  await page.getByText("1 characters too many: will be refused").waitFor();
  await page.getByRole("button", { name: "Fail" }).click();
  const failed = calls(page).filter({ has: page.locator('td[title="GET /api/boom"]') });
  await failed.locator("td.error", { hasText: "500" }).waitFor();
  await assertSound(screen);
  await until(async () => {
    const { items } = await api(addresses.http, "items");
    return items.some((item) => item.environment === "page-of-activities");
  }, "the error in Skep");
  await screen.close();
});
