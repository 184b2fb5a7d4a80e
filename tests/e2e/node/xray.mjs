// SPDX-License-Identifier: Apache-2.0
// xray.mjs DAEMON COUNT: a web server with aws-xray-sdk's middleware answers requests until the SDK has the central sampling
// rule, then COUNT more; prints the trace ids of those that were sampled, of one that failed and of a segment in progress. Ends
// with its input, because the SDK does not say when its datagrams are out.
import http from "node:http";
import AWSXRay from "aws-xray-sdk-core";

const [daemon, count] = process.argv.slice(2);
const PATIENCE_MS = 60_000;
AWSXRay.setDaemonAddress(daemon);
AWSXRay.enableManualMode();
AWSXRay.middleware.setDefaultName("node-shop");

let segment;
const server = http.createServer((request, response) => {
  segment = AWSXRay.middleware.traceRequestResponseCycle(request, response);
  segment.addAnnotation("half", 1.5);
  segment.addMetadata("list", [1, { a: true }], "ns");
  const work = segment.addNewSubsegment("work");
  work.namespace = "remote";
  work.addSqlData({ database_type: "PostgreSQL", sanitized_query: "SELECT ?" });
  if (request.url === "/fails") work.addError(new TypeError("node boom"));
  work.close();
  response.statusCode = request.url === "/fails" ? 500 : 200;
  response.end("ok");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const root = `http://127.0.0.1:${server.address().port}`;

async function ask(path) {
  await (await fetch(root + path)).text();
  return segment;
}

const deadline = Date.now() + PATIENCE_MS;
let last = await ask("/warm");
while (!last.aws.xray.rule_name) {
  if (Date.now() > deadline) throw new Error("the sampling rule did not come");
  await new Promise((resolve) => setImmediate(resolve));
  last = await ask("/warm");
}
const sampled = [];
for (let i = 0; i < Number(count); i += 1) {
  const one = await ask("/home");
  if (!one.notTraced) sampled.push(one.trace_id);
}
const failed = await ask("/fails");
const open = new AWSXRay.Segment("node-job");
open.flush();
console.log(JSON.stringify({ sampled, failed: failed.trace_id, open: open.trace_id }));
process.stdin.resume().on("end", () => process.exit(0));
