// SPDX-License-Identifier: Apache-2.0
// skep_load: makes the measured load against a running server and prints what it answered.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "load/run.h"

namespace {

using skep::load::Protocol;
using skep::load::Records;
using skep::load::RunOptions;
using skep::load::RunResult;

constexpr char kHelp[] =
    "skep_load [OPTION VALUE]...\n"
    "  --protocol otlp-http|otlp-grpc   how (otlp-http)\n"
    "  --records spans|lines            what: traces of 3-13 spans, or log lines with a JSON body "
    "(spans)\n"
    "  --count N                        how many (1000000)\n"
    "  --per-request N                  in one request (512)\n"
    "  --connections N                  each with one request in flight (4)\n"
    "  --host H --port P                where (127.0.0.1, 4318 or 4317)\n"
    "  --seed N                         (1)\n"
    "  --json                           one JSON object instead of text\n";

template <typename T>
bool ParseNumber(std::string_view text, T* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size() && *number > 0;
}

bool SetOption(std::string_view name, std::string_view value, RunOptions* options) {
  if (name == "--protocol") {
    options->protocol = value == "otlp-grpc" ? Protocol::kOtlpGrpc : Protocol::kOtlpHttp;
    return value == "otlp-grpc" || value == "otlp-http";
  }
  if (name == "--records") {
    options->records = value == "lines" ? Records::kLines : Records::kSpans;
    return value == "lines" || value == "spans";
  }
  if (name == "--host") {
    options->host = value;
    return !value.empty();
  }
  if (name == "--port") return ParseNumber(value, &options->port);
  if (name == "--count") return ParseNumber(value, &options->count);
  if (name == "--per-request") return ParseNumber(value, &options->per_request);
  if (name == "--connections") return ParseNumber(value, &options->connections);
  if (name == "--seed") return ParseNumber(value, &options->seed);
  return false;
}

double Seconds(const RunResult& result) {
  return static_cast<double>(result.ended_ns - result.started_ns) / 1e9;
}

void PrintJson(const RunOptions& options, const RunResult& result) {
  std::string statuses;
  for (const auto& [status, count] : result.statuses)
    statuses += fmt::format("{}\"{}\":{}", statuses.empty() ? "" : ",", status, count);
  fmt::print(
      R"({{"protocol":"{}","records":"{}","seed":{},"accepted":{},"requests":{},"bytes":{},"bytes_per_record":{:.1f},"retries":{},"failed":{},"started_ns":{},"ended_ns":{},"seconds":{:.3f},"records_per_second":{:.0f},"latency_ms":{{"p50":{:.3f},"p90":{:.3f},"p99":{:.3f},"max":{:.3f}}},"statuses":{{{}}}}})"
      "\n",
      options.protocol == Protocol::kOtlpHttp ? "otlp-http" : "otlp-grpc",
      options.records == Records::kSpans ? "spans" : "lines", options.seed, result.records,
      result.requests, result.bytes,
      static_cast<double>(result.bytes) / static_cast<double>(std::max<size_t>(result.records, 1)),
      result.retries, result.failed, result.started_ns, result.ended_ns, Seconds(result),
      static_cast<double>(result.records) / Seconds(result), result.LatencyMs(0.5),
      result.LatencyMs(0.9), result.LatencyMs(0.99), result.LatencyMs(1), statuses);
}

void PrintText(const RunResult& result) {
  fmt::print(
      "{} records in {} requests, {:.1f} bytes each, {:.2f} s, {:.0f} a second\n", result.records,
      result.requests,
      static_cast<double>(result.bytes) / static_cast<double>(std::max<size_t>(result.records, 1)),
      Seconds(result), static_cast<double>(result.records) / Seconds(result));
  fmt::print("answers p50 {:.2f} ms, p90 {:.2f}, p99 {:.2f}, max {:.2f}\n", result.LatencyMs(0.5),
             result.LatencyMs(0.9), result.LatencyMs(0.99), result.LatencyMs(1));
  for (const auto& [status, count] : result.statuses) fmt::print("  {}: {}\n", status, count);
  fmt::print("{} retries, {} requests given up\n", result.retries, result.failed);
}

}  // namespace

int main(int argc, char** argv) {
  RunOptions options;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--help") == 0) {
      std::fputs(kHelp, stdout);
      return 0;
    }
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
      continue;
    }
    if (i + 1 == argc || !SetOption(argv[i], argv[i + 1], &options)) {
      fmt::print(stderr, "skep_load: {}: not understood\n{}", argv[i], kHelp);
      return 2;
    }
    ++i;
  }
  const RunResult result = skep::load::Run(options);
  if (json)
    PrintJson(options, result);
  else
    PrintText(result);
  return result.failed == 0 ? 0 : 1;
}
