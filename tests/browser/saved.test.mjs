// SPDX-License-Identifier: Apache-2.0
// A saved question that is opened and changed, over made-up answers: updated with what changed in sight, refused where
// somebody else saved in between, renamed, saved as another, deleted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startFixtureServer } from "./fixture_server.mjs";
import { api, assertSound, launch, openScreen, until } from "./support.mjs";

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

const query = {
  calculations: [{ op: "HEATMAP", column: "duration_ms" }],
  breakdowns: ["app.user_handle"],
  time_range: 1800,
};

async function save(name) {
  const response = await fetch(`${server.url}/api/ui/queries`, {
    method: "POST",
    body: JSON.stringify({ name, query }),
  });
  return response.json();
}
const read = (id) => api(server.url, `queries/${id}`);

/** Opened from the list of saved ones, then changed by a condition. */
async function openChanged(page, name) {
  await page.goto(`${server.url}/explore`);
  await page.locator(".heat").waitFor();
  await page.getByRole("button", { name: "History" }).click();
  await page.getByRole("tab", { name: "Saved" }).click();
  await page.getByRole("button", { name: new RegExp(`^${name} `) }).click();
  await page.getByRole("button", { name, exact: true }).waitFor();
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.keyboard.type("http.status_code");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Value" }).fill("500");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: `${name} changed` }).waitFor();
}

test("an update shows what changes, and the saved one is what is asked then", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  const { id } = await save("To update");
  await openChanged(page, "To update");
  await page.keyboard.press("u");
  const dialog = page.getByRole("dialog", { name: "Saved question" });
  await dialog.locator(".changes", { hasText: "http.status_code = 500" }).waitFor();
  assert.equal(await dialog.locator(".changes > div").count(), 1, "one part changed");
  await assertSound(screen);
  await dialog.getByRole("textbox", { name: "Name" }).fill("Updated");
  await dialog.getByRole("button", { name: "Update" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Updated", exact: true }).waitFor();
  await page.getByRole("button", { name: /^Update/ }).and(page.locator(".main.sm")).waitFor({ state: "detached" });
  const kept = await read(id);
  assert.equal(kept.name, "Updated");
  assert.deepEqual(kept.query.filters, [{ column: "http.status_code", op: "=", value: 500 }]);
  await page.reload();
  await page.getByRole("button", { name: "Updated", exact: true }).waitFor();
  await screen.close();
});

test("what somebody else saved in between is shown, and only then written over", async () => {
  const screen = await openScreen(browser, { expected: /status of 409/ });
  const { page } = screen;
  const first = await save("Of two people");
  await openChanged(page, "Of two people");
  await fetch(`${server.url}/api/ui/queries/${first.id}`, {
    method: "PUT",
    body: JSON.stringify({ name: first.name, query: { ...query, limit: 7 }, seen_ns: first.updated_ns }),
  });
  await page.getByRole("button", { name: /^Update/ }).click();
  const dialog = page.getByRole("dialog", { name: "Saved question" });
  await dialog.getByRole("button", { name: "Update" }).click();
  const other = dialog.locator(".other");
  await other.locator(".changes", { hasText: "Limit" }).waitFor();
  assert.equal((await read(first.id)).query.limit, 7, "nothing was written over");
  await assertSound(screen);
  await dialog.getByRole("button", { name: "Write over theirs" }).click();
  await dialog.waitFor({ state: "detached" });
  await until(async () => (await read(first.id)).query.limit === undefined, "mine to be saved");
  await screen.close();
});

test("it is saved as another, and deleted after a second press", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  const { id } = await save("First of its name");
  await openChanged(page, "First of its name");
  await page.keyboard.press("s");
  await page.getByRole("dialog", { name: "Save" }).getByRole("textbox", { name: "Name" }).fill("Second");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Second", exact: true }).waitFor();
  assert.equal((await read(id)).query.filters, undefined, "the first stays");
  const second = new URL(page.url()).searchParams.get("saved");
  assert.notEqual(second, id);
  await page.keyboard.press("u");
  await page.getByText("The question is as it was saved.").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Really delete?" }).click();
  await page.getByRole("button", { name: "Second", exact: true }).waitFor({ state: "detached" });
  await page.getByText("Deleted: Second").waitFor();
  await until(async () => (await fetch(`${server.url}/api/ui/queries/${second}`)).status === 404, "it to be gone");
  await page.locator(".heat").waitFor();
  await screen.close();
});

test("the list of saved ones deletes after a second press too", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  await save("To go");
  await page.goto(`${server.url}/explore`);
  await page.getByRole("button", { name: "History" }).click();
  await page.getByRole("tab", { name: "Saved" }).click();
  await page.getByRole("button", { name: "Delete To go" }).click();
  await page.getByRole("button", { name: "Really delete To go?" }).click();
  await page.getByRole("button", { name: /^To go / }).waitFor({ state: "detached" });
  await screen.close();
});

test("what can be done with the question is in sight in a narrow window too", async () => {
  const screen = await openScreen(browser);
  const { page } = screen;
  const { id } = await save("A name that is somewhat longer than others");
  const asked = { ...query, limit: 5 };
  await page.setViewportSize({ width: 900, height: 800 });
  await page.goto(`${server.url}/explore?saved=${id}&q=${encodeURIComponent(JSON.stringify(asked))}`);
  await page.locator(".heat").waitFor();
  await page.getByRole("button", { name: /^Update/ }).waitFor();
  const beyond = await page.locator(".info").evaluate((bar) => bar.scrollWidth - bar.clientWidth);
  assert.equal(beyond, 0, "nothing of the bar lies outside");
  const boxes = await page.locator(".info > button").evaluateAll((all) =>
    all.map((one) => one.getBoundingClientRect()).map(({ left, right, top }) => ({ left, right, top })),
  );
  for (const [at, box] of boxes.entries()) {
    const next = boxes[at + 1];
    assert.ok(next === undefined || next.top > box.top || next.left >= box.right, "none lies over the next");
    assert.ok(box.right <= 900);
  }
  await assertSound(screen);
  await screen.close();
});

for (const theme of ["light", "dark"])
  for (const size of ["wide", "phone"])
    test(`a saved question that was changed is sound: ${size}, ${theme}`, async () => {
      const screen = await openScreen(browser, { size, theme });
      const { page } = screen;
      const { id } = await save("A name that is somewhat longer than others");
      const asked = { ...query, filters: [{ column: "http.route", op: "=", value: "/api/activities" }], limit: 5 };
      await page.goto(`${server.url}/explore?saved=${id}&q=${encodeURIComponent(JSON.stringify(asked))}`);
      await page.locator(".heat").waitFor();
      await page.getByRole("button", { name: /^Update/ }).click();
      await page.locator(".changes").waitFor();
      await assertSound(screen);
      await screen.close();
    });
