// SPDX-License-Identifier: Apache-2.0
// What the set-up page gives to copy is run as it stands, with the locked SDKs, and must arrive at its door. Go and
// Java are read by the units only: their SDKs are not among the locked ones.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { api, launch, openScreen, texts, until } from "./support.mjs";

const run = promisify(execFile);
const base = JSON.parse(readFileSync(process.env.EMPTY_ADDRESSES, "utf8")).http;
const python = process.env.PYTHON ?? "python3";
const modules = fileURLToPath(new URL("../e2e/node/node_modules", import.meta.url));
const environment = {
  PATH: process.env.PATH,
  NODE_PATH: modules,
  AWS_EC2_METADATA_DISABLED: "true",
};
let browser;
const shown = new Map();

before(async () => {
  browser = await launch();
  const { page, close } = await openScreen(browser);
  await page.goto(`${base}/setup`);
  for (const language of ["Any language", "Python", "Node"]) {
    await page.getByRole("tab", { name: language }).click();
    await page.getByRole("tab", { name: language, selected: true }).waitFor();
    const [otlp, xray, cloudwatch, rollbar, honeycomb] = await texts(page.locator(".g2 pre"), 5);
    shown.set(language, { otlp, xray, cloudwatch, rollbar, honeycomb });
  }
  await close();
});
after(() => browser.close());

const records = async (door) => {
  const status = await api(base, "status");
  return status.doors.find((one) => one.door === door)?.records ?? 0;
};

function arrives(name, door, execute) {
  test(`${name} arrives at the ${door} door`, async () => {
    const before = await records(door);
    const { stderr } = await execute();
    await until(async () => (await records(door)) > before, `${door} to count; stderr: ${stderr}`);
    assert.ok((await records(door)) > before);
  });
}
const shell = (script) => run("bash", ["--norc", "-ec", script], { env: environment, timeout: 60_000 });
const quoted = (text) => `'${text.replaceAll("'", `'"'"'`)}'`;
const pythonAfter = (variables, code) => shell(`${variables}\n${quoted(python)} -c ${quoted(code)}`);
const node = (code) => run("node", ["-e", code], { env: environment, timeout: 60_000 });

const span = (protocol) => `
from opentelemetry.exporter.otlp.proto.${protocol}.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter()))
provider.get_tracer("t").start_span("hello").end()
provider.shutdown()`;
const put = `
import boto3, time
logs = boto3.client("logs")
logs.create_log_group(logGroupName="any")
logs.create_log_stream(logGroupName="any", logStreamName="s")
logs.put_log_events(logGroupName="any", logStreamName="s",
    logEvents=[{"timestamp": int(time.time() * 1000), "message": "hello"}])`;
const segment = `
from aws_xray_sdk.core import xray_recorder
xray_recorder.begin_segment("any")
xray_recorder.end_segment()`;

arrives("any language, HTTP", "otlp", () => {
  const [http] = shown.get("Any language").otlp.split("# or over gRPC");
  return pythonAfter(http, span("http"));
});
arrives("any language, gRPC", "otlp", () =>
  pythonAfter(shown.get("Any language").otlp, span("grpc")),
);
arrives("any language", "xray", () => pythonAfter(shown.get("Any language").xray, segment));
arrives("any language", "cloudwatch", () => pythonAfter(shown.get("Any language").cloudwatch, put));
arrives("any language", "rollbar", () => shell(shown.get("Any language").rollbar));

arrives("Python", "xray", () =>
  pythonAfter("", `from flask import Flask\napp = Flask("app")\n${shown.get("Python").xray}\napp.test_client().get("/")`),
);
arrives("Python", "cloudwatch", () =>
  pythonAfter("", `import logging\nlogger = logging.getLogger("app")\n${shown.get("Python").cloudwatch}\nlogger.warning("hello")\nlogging.shutdown()`),
);
arrives("Python", "rollbar", () =>
  pythonAfter("", `${shown.get("Python").rollbar}\nrollbar.report_message("hello")\nrollbar.wait()`),
);
arrives("any language", "honeycomb", () => shell(shown.get("Any language").honeycomb));
arrives("Python", "honeycomb", () =>
  pythonAfter("", `${shown.get("Python").honeycomb}\nbeeline.close()`),
);
arrives("Node", "honeycomb", () =>
  node(`${shown.get("Node").honeycomb};
beeline.finishTrace(beeline.startTrace({ name: "hello" }));
beeline.flush().then(() => process.exit(0))`),
);
arrives("Node", "rollbar", () =>
  node(`${shown.get("Node").rollbar};\nrollbar.error("hello");\nrollbar.wait(() => process.exit(0))`),
);
arrives("Node", "cloudwatch", () =>
  node(`${shown.get("Node").cloudwatch};
const aws = require("@aws-sdk/client-cloudwatch-logs");
const at = { logGroupName: "node", logStreamName: "s" };
const event = { timestamp: Date.now(), message: "hello" };
logs.send(new aws.CreateLogGroupCommand({ logGroupName: "node" }))
  .then(() => logs.send(new aws.CreateLogStreamCommand(at)))
  .then(() => logs.send(new aws.PutLogEventsCommand({ ...at, logEvents: [event] })));`),
);

test("the command to check by hand arrives at the rollbar door", async () => {
  const { page, close } = await openScreen(browser);
  await page.goto(`${base}/setup`);
  const command = await page.locator(".chk pre").innerText();
  await close();
  const before = await records("rollbar");
  const { stdout } = await shell(command);
  assert.equal(JSON.parse(stdout).err, 0);
  await until(async () => (await records("rollbar")) > before, "the item to be counted");
});
