// SPDX-License-Identifier: Apache-2.0
// rollbar.mjs ENDPOINT COUNT: reports with rollbar.js: an error, one with a cause, a message, then COUNT messages, one each
// few milliseconds, trying again what could not be sent. Prints the UUID of each when it is acknowledged, as `KIND UUID`.
import Rollbar from "rollbar";

const [endpoint, count] = process.argv.slice(2);
const rollbar = new Rollbar({
  accessToken: "post_server_item_token",
  endpoint,
  environment: "e2e",
  codeVersion: "1.2.3",
  itemsPerMinute: 100000,
  retryInterval: 100,
  payload: { person: { id: 9 }, server: { root: import.meta.dirname } },
});

function boom() {
  throw new TypeError("js failure");
}

const waiting = [];
function report(kind, method, ...words) {
  waiting.push(
    new Promise((resolve, reject) => {
      method.call(rollbar, ...words, (error, response) => {
        if (error) return reject(error);
        console.log(kind, response.uuid);
        resolve();
      });
    }),
  );
}

try {
  boom();
} catch (error) {
  report("error", rollbar.error, error, { order: 17 });
}
report("cause", rollbar.critical, new Error("outer", { cause: new Error("root cause") }));
report("message", rollbar.warning, "js message", { a: [1, 2] });
for (let i = 0; i < Number(count); i += 1) {
  await new Promise((resolve) => setTimeout(resolve, 5));
  report("many", rollbar.info, "one of many", { number: i });
}
await Promise.all(waiting);
process.exit(0);
