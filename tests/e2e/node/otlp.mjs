// SPDX-License-Identifier: Apache-2.0
// otlp.mjs PROTOCOL ENDPOINT COUNT: sends COUNT spans with opentelemetry-js (proto, json or grpc); exits 1 if an export failed.
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { OTLPTraceExporter as GrpcExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtoExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

const [protocol, endpoint, count] = process.argv.slice(2);
let failures = 0;
diag.setLogger(
  { error: (...words) => { failures += 1; console.error(...words); }, warn: console.error, info() {}, debug() {}, verbose() {} },
  DiagLogLevel.WARN,
);
const exporter =
  protocol === "grpc" ? new GrpcExporter({ url: endpoint })
  : protocol === "json" ? new JsonExporter({ url: `${endpoint}/v1/traces`, compression: "gzip" })
  : new ProtoExporter({ url: `${endpoint}/v1/traces` });
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ "service.name": `js-${protocol}` }),
  spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: 100000 })],
});
const tracer = provider.getTracer("e2e");
for (let i = 0; i < Number(count); i += 1) {
  const span = tracer.startSpan(`span ${i % 7}`, { attributes: { "app.number": i, "app.text": "ü", "app.half": i + 0.5 } });
  span.addEvent("event", { n: i });
  span.end();
}
await provider.forceFlush();
await provider.shutdown();
process.exit(failures === 0 ? 0 : 1);
