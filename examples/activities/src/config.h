// SPDX-License-Identifier: Apache-2.0
// Config: what the environment and the command line say of the backend itself. What they say of the
// telemetry's destinations is read by the library (skep/sdk/sdk.h). A value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace activities {

struct Config {
  std::string host = "0.0.0.0";
  uint16_t port = 4567;  // 0: a free one, printed at the start
  // APP_JOIN=ids: hand OpenTelemetry's ids to the segments, the lines and the items.
  bool share_ids = false;
  std::string segment_names = "*";  // AWS_XRAY_URL: hosts whose name a segment may take
  uint32_t delay_min_ms = 50;
  uint32_t delay_max_ms = 500;
};

std::string HelpText();

struct CommandLine {
  Config config;
  bool help = false;
  std::string error;  // empty: all is well
};

CommandLine ReadCommandLine(int count, const char* const* words);

}  // namespace activities
