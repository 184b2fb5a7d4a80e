// SPDX-License-Identifier: Apache-2.0
// What to put into a program so that it sends to this server, by language and door. «marked» parts are all that points
// at Skep; lines that begin with # or // are remarks.
import type { DoorName, Status } from "../../api/types";

export interface Addresses {
  http: string;
  otlpHttp: string;
  otlpGrpc: string;
  /** host:port */
  xray: string;
}

export function addressesOf(status: Status): Addresses {
  const url = (name: Status["addresses"][number]["name"]): string =>
    status.addresses.find((address) => address.name === name)?.url ?? "";
  const http = url("http");
  return {
    http,
    otlpHttp: url("otlp_http") || http,
    otlpGrpc: url("otlp_grpc") || http,
    xray: url("xray_udp").replace(/^\w+:\/\//, ""),
  };
}

export const languages = ["Any", "Python", "Node", "Go", "Java"] as const;
export type Language = (typeof languages)[number];

export interface Snippet {
  door: DoorName;
  note: string;
  text: string;
}

const otlpVariables = (at: Addresses): string =>
  `export OTEL_SERVICE_NAME=backend
export OTEL_EXPORTER_OTLP_ENDPOINT=«${at.otlpHttp}»
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`;

const awsVariables = (at: Addresses): string =>
  `# any key will do
export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any
export AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1
export AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=«${at.http}»`;

function otlp(language: Language, at: Addresses): string {
  const variables = otlpVariables(at);
  switch (language) {
    case "Any":
      return `# every OpenTelemetry SDK reads these\n${variables}\n\n# or over gRPC\nexport OTEL_EXPORTER_OTLP_ENDPOINT=«${at.otlpGrpc}»\nexport OTEL_EXPORTER_OTLP_PROTOCOL=grpc`;
    case "Python":
      return `pip install opentelemetry-distro opentelemetry-exporter-otlp
opentelemetry-bootstrap -a install
${variables}
opentelemetry-instrument flask run`;
    case "Node":
      return `npm i @opentelemetry/api \\
  @opentelemetry/auto-instrumentations-node
${variables}
node --require \\
  @opentelemetry/auto-instrumentations-node/register app.js`;
    case "Go":
      return `go get go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp
${variables}
// in Go: otlptracehttp.New(ctx) reads these`;
    case "Java":
      return `# opentelemetry-javaagent.jar, from its releases page
${variables}
java -javaagent:opentelemetry-javaagent.jar -jar app.jar`;
  }
}

function xray(language: Language, at: Addresses): string {
  switch (language) {
    case "Any":
      return `# every X-Ray SDK reads this\nexport AWS_XRAY_DAEMON_ADDRESS=«${at.xray}»`;
    case "Python":
      return `from aws_xray_sdk.core import xray_recorder
from aws_xray_sdk.ext.flask.middleware import XRayMiddleware
xray_recorder.configure(
    service="backend",
    daemon_address="«${at.xray}»",
)
XRayMiddleware(app, xray_recorder)`;
    case "Node":
      return `const xray = require("aws-xray-sdk")
xray.setDaemonAddress("«${at.xray}»")
app.use(xray.express.openSegment("backend"))
// routes, then
app.use(xray.express.closeSegment())`;
    case "Go":
      return `xray.Configure(xray.Config{
    DaemonAddr: "«${at.xray}»",
})
handler := xray.Handler(
    xray.NewFixedSegmentNamer("backend"), mux)`;
    case "Java":
      return `export AWS_XRAY_DAEMON_ADDRESS=«${at.xray}»

// a servlet filter, in web.xml or as a bean
new AWSXRayServletFilter("backend")`;
  }
}

function cloudwatch(language: Language, at: Addresses): string {
  switch (language) {
    case "Any":
      return `# every AWS SDK and the aws command read these\n${awsVariables(at)}`;
    case "Python":
      return `import boto3, watchtower
logs = boto3.client("logs", region_name="eu-central-1",
    endpoint_url="«${at.http}»",
    aws_access_key_id="any", aws_secret_access_key="any")
logger.addHandler(watchtower.CloudWatchLogHandler(
    boto3_client=logs, log_group_name="backend"))`;
    case "Node":
      return `const { CloudWatchLogsClient } =
  require("@aws-sdk/client-cloudwatch-logs")
const logs = new CloudWatchLogsClient({
  region: "eu-central-1",
  endpoint: "«${at.http}»",
  credentials: { accessKeyId: "any", secretAccessKey: "any" },
})`;
    case "Go":
      return `// with any credentials in cfg
logs := cloudwatchlogs.NewFromConfig(cfg,
  func(o *cloudwatchlogs.Options) {
    o.BaseEndpoint = aws.String("«${at.http}»")
  })`;
    case "Java":
      return `CloudWatchLogsClient logs = CloudWatchLogsClient.builder()
  .region(Region.EU_CENTRAL_1)
  .endpointOverride(URI.create("«${at.http}»"))
  .credentialsProvider(StaticCredentialsProvider.create(
    AwsBasicCredentials.create("any", "any")))
  .build();`;
  }
}

function rollbar(language: Language, at: Addresses): string {
  switch (language) {
    case "Any":
      return `# any token will do
curl «${at.http}/api/1/item/» \\
  -H 'content-type: application/json' \\
  -H 'x-rollbar-access-token: any' \\
  -d '{"data": {"environment": "dev", "body":
       {"message": {"body": "hello, skep"}}}}'`;
    case "Python":
      return `import rollbar
rollbar.init("any-token", environment="dev",
    endpoint="«${at.http}/api/1/»")`;
    case "Node":
      return `const Rollbar = require("rollbar")
const rollbar = new Rollbar({ accessToken: "any-token",
  captureUncaught: true,
  endpoint: "«${at.http}/api/1/item/»" })`;
    case "Go":
      return `rollbar.SetToken("any-token")
rollbar.SetEnvironment("dev")
rollbar.SetEndpoint("«${at.http}/api/1/item/»")`;
    case "Java":
      return `Rollbar rollbar = Rollbar.init(ConfigBuilder
  .withAccessToken("any-token")
  .environment("dev")
  .endpoint("«${at.http}/api/1/item/»")
  .build());`;
  }
}

function honeycomb(language: Language, at: Addresses): string {
  switch (language) {
    case "Any":
      return `# any key will do
curl «${at.http}/1/events/backend» \\
  -H 'x-honeycomb-team: any' \\
  -d '{"name": "hello, skep", "duration_ms": 1.5}'`;
    case "Python":
      return `import beeline
beeline.init(writekey="any-key", service_name="backend",
    api_host="«${at.http}»")
with beeline.tracer("hello"):
    beeline.add_context_field("greeted", "skep")`;
    case "Node":
      return `const beeline = require("honeycomb-beeline")({
  writeKey: "any-key", serviceName: "backend",
  apiHost: "«${at.http}»" })`;
    case "Go":
      return `// or beeline.Config with WriteKey and ServiceName
libhoney.Init(libhoney.Config{
    APIKey: "any-key", Dataset: "backend",
    APIHost: "«${at.http}»",
})`;
    case "Java":
      return `HoneyClient honey = LibHoney.create(LibHoney.options()
  .setWriteKey("any-key")
  .setDataset("backend")
  .setApiHost(URI.create("«${at.http}»"))
  .build());`;
  }
}

export function snippetsFor(language: Language, at: Addresses): Snippet[] {
  return [
    { door: "otlp", note: "traces and logs; start here", text: otlp(language, at) },
    { door: "xray", note: "segments", text: xray(language, at) },
    { door: "cloudwatch", note: "log lines", text: cloudwatch(language, at) },
    { door: "rollbar", note: "errors", text: rollbar(language, at) },
    { door: "honeycomb", note: "libhoney, beelines", text: honeycomb(language, at) },
  ];
}

export interface Piece {
  kind: "plain" | "marked" | "remark";
  text: string;
}

/** A snippet cut into what is shown differently. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const end = index === 0 ? "" : "\n";
    if (/^\s*(#|\/\/)/.test(line)) {
      pieces.push({ kind: "remark", text: end + line });
      continue;
    }
    pieces.push({ kind: "plain", text: end });
    for (const [at, part] of line.split(/[«»]/).entries())
      pieces.push({ kind: at % 2 === 1 ? "marked" : "plain", text: part });
  }
  return pieces.filter((piece) => piece.text !== "");
}

export function plainText(text: string): string {
  return text.replace(/[«»]/g, "");
}
