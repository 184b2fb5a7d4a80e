// SPDX-License-Identifier: Apache-2.0
// States of the page that a real server is hard to bring into; answers come from fixture_server.mjs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startFixtureServer } from "./fixture_server.mjs";
import { assertSound, launch, openScreen, steadyCount } from "./support.mjs";

let browser;
let server;
before(async () => {
  browser = await launch();
  server = await startFixtureServer();
});
after(async () => {
  await browser.close();
  server.close();
});

const rows = (page) => page.locator(".rr[data-trace]");

test("a refused filter says why, marks the term and keeps the last good list", async () => {
  const screen = await openScreen(browser, { expected: /status of 400/ });
  const { page } = screen;
  await page.goto(`${server.url}/requests`);
  const shown = await steadyCount(page, rows(page));
  await page.goto(`${server.url}/requests?filter=user%20%3D`);
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.innerText(), /Not understood[\s\S]*A value belongs here\./);
  await page.locator(".chip.bad").waitFor();
  await alert.getByRole("button").click();
  await alert.waitFor({ state: "detached" });
  await rows(page).nth(shown - 1).waitFor();
  assert.equal(await steadyCount(page, rows(page)), shown);
  await assertSound(screen);
  await screen.close();
});

test("a lost connection is said with its time; old rows stay; it comes back by itself", async () => {
  const screen = await openScreen(browser, { expected: /ERR_FAILED/ });
  const { page } = screen;
  await page.goto(`${server.url}/requests`);
  await rows(page).first().waitFor();
  await page.route("**/api/ui/**", (route) => route.abort());
  await page.getByText(/No connection since \d\d:\d\d:\d\d/).waitFor();
  await page.getByRole("button", { name: /Lost \d\d:\d\d:\d\d/ }).waitFor();
  await rows(page).nth(10).waitFor();
  await page.unroute("**/api/ui/**");
  await page.getByRole("button", { name: /Live/ }).waitFor();
  await assertSound(screen);
  await screen.close();
});

test("an answer of another shape is refused with the place where it differs", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.route("**/api/ui/requests?*", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    body.requests[3].time_ns = 12;
    await route.fulfill({ response, json: body });
  });
  await page.goto(`${server.url}/requests`);
  await page.getByText("RequestList.requests[3].time_ns: not of type string").waitFor();
  await screen.close();
});

test("nothing found offers what would find something", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${server.url}/requests?filter=user%20%3D%20nobody`);
  await page.getByText("No requests in the last 30 min match user = nobody.").waitFor();
  await page.getByRole("button", { name: "Take the filter out" }).click();
  await rows(page).first().waitFor();
  await screen.close();
});

test("new rows wait while a row is looked at, and come when asked for", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  let extra = 0;
  await page.route("**/api/ui/requests?*", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    if (body.requests.length > 0 && !route.request().url().includes("before")) {
      const first = body.requests[0];
      for (let n = 0; n < extra; n++) {
        const time_ns = String(BigInt(first.time_ns) + BigInt(n + 1) * 1_000_000n);
        body.requests.unshift({ ...first, trace_id: String(n).padStart(32, "f"), time_ns });
      }
    }
    await route.fulfill({ response, json: body });
  });
  await page.goto(`${server.url}/requests`);
  const first = await rows(page).first().getAttribute("data-trace");
  await rows(page).nth(4).hover();
  extra = 3;
  const held = page.getByRole("button", { name: "3 new" });
  await held.waitFor();
  assert.equal(await rows(page).first().getAttribute("data-trace"), first);
  await page.mouse.move(700, 20);
  await page.locator(`[data-trace="${"2".padStart(32, "f")}"]`).waitFor();
  assert.equal(await rows(page).nth(3).getAttribute("data-trace"), first);
  await held.waitFor({ state: "detached" });
  // Every row shows its own doors, also after it took another's place.
  const failing = page.locator('[data-trace="a3f19c07e4d24b0c9d6f0e7712cc51b8"]');
  await failing.locator(".doors .d").nth(3).waitFor();
  assert.equal(await failing.locator(".doors .d").count(), 4);
  assert.equal(await page.locator(".doors .d.r").count(), 1);
  await page.keyboard.press("j");
  extra = 5;
  await page.getByRole("button", { name: "2 new" }).click();
  await page.locator(`[data-trace="${"4".padStart(32, "f")}"]`).waitFor();
  await screen.close();
});

test("a long list has few rows in the page and loads on as one scrolls", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${server.url}/requests`);
  await rows(page).first().waitFor();
  const list = page.getByRole("grid");
  await page.getByText(/^100 of/).waitFor();
  for (let page_ = 2; page_ <= 7; page_++) {
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.getByText(new RegExp(`^${Math.min(640, page_ * 100)} of 640`)).waitFor();
  }
  assert.ok((await steadyCount(page, rows(page))) < 80);
  await screen.close();
});

test("a trace of 5,000 rows scrolls", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.route("**/api/ui/traces/*", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    const leaf = body.rows.find(({ name }) => name === "validate");
    for (let n = 0; n < 5000; n++) body.rows.push({ ...leaf, id: `x${n}`, name: `step ${n}` });
    await route.fulfill({ response, json: body });
  });
  await page.goto(`${server.url}/trace/a3f19c07e4d24b0c9d6f0e7712cc51b8`);
  assert.ok((await steadyCount(page, page.locator(".r[data-row]"))) < 80);
  await page.locator(".wfs").evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await page.getByText("step 4999").first().waitFor();
  await screen.close();
});

test("a link to a row shows that row", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.setViewportSize({ width: 1000, height: 640 });
  await page.goto(`${server.url}/trace/a3f19c07e4d24b0c9d6f0e7712cc51b8?row=r15`);
  const row = page.locator('[data-row="r15"][aria-selected="true"]');
  await row.waitFor();
  await page.waitForFunction(() => {
    const list = document.querySelector(".wfs").getBoundingClientRect();
    const chosen = document.querySelector('[data-row="r15"]')?.getBoundingClientRect();
    return chosen !== undefined && chosen.top > list.top && chosen.bottom <= list.bottom + 1;
  });
  await screen.close();
});

// Looks for a row well in sight of the list scrolled to `y`; null as long as the list has not its rows or still moves.
async function lookForRowAtRest(y) {
  const grid = document.querySelector('[role="grid"]');
  if (grid.scrollTop !== y) grid.scrollTo(0, y);
  const look = () => {
    const box = grid.getBoundingClientRect();
    for (const row of grid.querySelectorAll("[data-trace]")) {
      const { top, bottom } = row.getBoundingClientRect();
      if (top > box.top + 200 && bottom < box.bottom - 100) return { id: row.dataset.trace, top };
    }
    return null;
  };
  const before = look();
  for (let i = 0; i < 5; i += 1) await new Promise(requestAnimationFrame);
  const after = look();
  const still = before !== null && before.id === after?.id && before.top === after.top;
  return grid.scrollTop === y && still ? after : null;
}

async function rowAtRest(page, y) {
  for (let tries = 0; tries < 100; tries += 1) {
    const row = await page.evaluate(lookForRowAtRest, y);
    if (row) return row;
  }
  throw new Error("the list did not come to rest");
}

test("coming back from a trace finds the same row at the same place", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${server.url}/requests`);
  await rows(page).first().waitFor();
  const { id, top } = await rowAtRest(page, 1500);
  await page.locator(`[data-trace="${id}"]`).click();
  await page.waitForURL(`**/trace/${id}*`);
  for (const back of [() => page.keyboard.press("Escape"), () => page.goBack()]) {
    await back();
    await page.waitForURL("**/requests*");
    const again = page.locator(`[data-trace="${id}"][aria-selected="true"]`);
    await again.waitFor();
    await page.waitForFunction(
      ([wanted, y]) =>
        Math.abs(document.querySelector(`[data-trace="${wanted}"]`).getBoundingClientRect().top - y) < 2,
      [id, top],
    );
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/trace/${id}*`);
  }
  await screen.close();
});

test("joins by evidence can be separated and put back", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  const asked = [];
  page.on("request", (request) => request.url().includes("/traces/") && asked.push(request.url()));
  await page.goto(`${server.url}/trace/a3f19c07e4d24b0c9d6f0e7712cc51b8`);
  await page.getByRole("button", { name: "Separate" }).first().click();
  await page.getByText("Joins by evidence are left out.").waitFor();
  assert.ok(asked.some((url) => url.includes("joins=ids")), asked.join(" "));
  await page.getByRole("button", { name: "Put back" }).click();
  await page.getByText("Joins by evidence are left out.").waitFor({ state: "detached" });
  await screen.close();
});

test("a trace that is not stored says so", async () => {
  const screen = await openScreen(browser, { expected: /status of 404/ });
  await screen.page.goto(`${server.url}/trace/00000000000000000000000000000001`);
  await screen.page.getByText("No such trace is stored.").waitFor();
  await screen.page.goto(`${server.url}/nowhere`);
  await screen.page.getByText("There is no such page.").waitFor();
  await screen.close();
});

test("dragging over the histogram chooses a time, Back undoes it", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await page.goto(`${server.url}/requests`);
  await rows(page).first().waitFor();
  const box = await page.locator(".plot canvas").boundingBox();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await page.getByRole("button", { name: /Chosen time/ }).waitFor();
  await page.goBack();
  await page.getByRole("button", { name: /Last 30 min/ }).waitFor();
  await screen.close();
});

for (const theme of ["light", "dark"])
  for (const size of ["wide", "phone"])
    test(`every screen is sound: ${size}, ${theme}`, async () => {
      const screen = await openScreen(browser, { size, theme });
      const { page } = screen;
      const paths = [
        "/requests",
        "/trace/a3f19c07e4d24b0c9d6f0e7712cc51b8",
        "/trace/a3f19c07e4d24b0c9d6f0e7712cc51b8?row=r14",
        "/trace/a3f19c07e4d24b0c9d6f0e7712cc51b8?row=r4&tab=logs",
        "/logs?line=l6",
        "/errors",
        "/errors/14",
        "/map?on=backend-flask",
        "/map?on=web%3Ebackend-flask",
        "/diff/a/b",
        "/setup",
      ];
      for (const path of paths) {
        await page.goto(server.url + path);
        await page.locator("[data-trace], [data-row], [data-line], .it, .hd, .dt .tabs, .exs li, [data-door]").first().waitFor();
        await assertSound(screen);
      }
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: /Trace id/ }).waitFor();
      await assertSound(screen);
      await page.keyboard.press("Escape");
      await page.getByRole("combobox", { name: /Trace id/ }).waitFor({ state: "detached" });
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keys" }).waitFor();
      await assertSound(screen);
      await screen.close();
    });
