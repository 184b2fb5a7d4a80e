// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace activities {
namespace {

constexpr uint32_t kDelayMaxMs = 60000;

std::string_view Environment(const char* name, std::string_view otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : std::string_view(value);
}

template <typename Number>
bool ReadNumber(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// "50-500"
bool ReadDelay(std::string_view text, Config& config) {
  const size_t dash = text.find('-');
  return dash != std::string_view::npos && ReadNumber(text.substr(0, dash), config.delay_min_ms) &&
         ReadNumber(text.substr(dash + 1), config.delay_max_ms) &&
         config.delay_min_ms <= config.delay_max_ms && config.delay_max_ms <= kDelayMaxMs;
}

}  // namespace

std::string HelpText() {
  return R"(activities: a small social backend that reports to four services.

  activities [--host ADDRESS] [--port NUMBER]

It keeps what it is given in memory, up to a bound, and answers on http://HOST:PORT (default 0.0.0.0:4567; a page to
drive it by hand lies at /). Each call of its pretended database takes 50 to 500 ms.

The environment:
  HOST, PORT                      as the options; PORT=0 takes a free port and prints it
  APP_JOIN=ids                    segments, lines and items carry the trace's ids; none (default): they do not
  APP_DELAY_MS=MIN-MAX            the database's delay, default 50-500
  OTEL_EXPORTER_OTLP_ENDPOINT     spans and log records; OTEL_SERVICE_NAME and the other OTEL_* variables as everywhere
  AWS_XRAY_DAEMON_ADDRESS         segments, over UDP; AWS_XRAY_URL: the hosts a segment may be named after, default *
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS  lines, if there is a LOG_GROUP; LOG_STREAM, AWS_REGION, AWS_ACCESS_KEY_ID,
                                  AWS_SECRET_ACCESS_KEY
  ROLLBAR_ENDPOINT                errors; ROLLBAR_ACCESS_TOKEN, ROLLBAR_ENV, CODE_VERSION

SIGTERM and SIGINT end it: requests that came are answered, everything recorded is sent.
)";
}

CommandLine ReadCommandLine(int count, const char* const* words) {
  CommandLine line;
  Config& config = line.config;
  std::string_view port = Environment("PORT", "4567");
  config.host = Environment("HOST", config.host);
  config.share_ids = Environment("APP_JOIN", "none") == "ids";
  config.segment_names = Environment("AWS_XRAY_URL", config.segment_names);
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--help" || word == "-h") {
      line.help = true;
    } else if (word == "--host" && i + 1 < count) {
      config.host = words[++i];
    } else if (word == "--port" && i + 1 < count) {
      port = words[++i];
    } else {
      line.error = "unknown argument: " + std::string(word);
    }
  }
  if (!ReadNumber(port, config.port)) line.error = "not a port: " + std::string(port);
  if (!ReadDelay(Environment("APP_DELAY_MS", "50-500"), config)) {
    line.error = "APP_DELAY_MS is MIN-MAX, in milliseconds, at most 60000";
  }
  return line;
}

}  // namespace activities
