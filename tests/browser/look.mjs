// SPDX-License-Identifier: Apache-2.0
// Takes pictures of screens: node tests/browser/look.mjs BASE_URL FOLDER NAME=PATH... [--width 390] [--dark]
import { launch } from "./support.mjs";

const args = process.argv.slice(2);
const flag = (name, fallback) => {
  const at = args.indexOf(name);
  return at < 0 ? fallback : args.splice(at, 2)[1];
};
const width = Number(flag("--width", "1440"));
const dark = args.includes("--dark");
const [base, folder, ...targets] = args.filter((arg) => arg !== "--dark");
const browser = await launch();
const page = await browser.newPage({
  viewport: { width, height: width < 500 ? 844 : 900 },
  deviceScaleFactor: width < 500 ? 2 : 1,
  colorScheme: dark ? "dark" : "light",
});
page.on("console", (message) => message.type() === "error" && console.log("console:", message.text()));
page.on("pageerror", (error) => console.log("error:", error.stack));
for (const target of targets) {
  const [name, path] = target.split(/=(.*)/s);
  await page.goto(base + path);
  await page.waitForLoadState("networkidle", { timeout: 4000 }).catch(() => undefined);
  await page.screenshot({ path: `${folder}/${name}-${width}-${dark ? "dark" : "light"}.png` });
}
await browser.close();
