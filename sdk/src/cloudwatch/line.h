// SPDX-License-Identifier: Apache-2.0
// A log record as the line that CloudWatch Logs shows. Pure functions.
#pragma once

#include <cstdint>
#include <string>

#include "skep/sdk/cloudwatch/log_exporter.h"

namespace skep::sdk::cloudwatch {

struct Line {
  std::string
      text;  // well-formed UTF-8, not empty: AWS takes no empty lines, so a blank stands for one
  bool cut = false;
};

Line FormatLine(const LogRecord& record, const LogExporterOptions& options);

}  // namespace skep::sdk::cloudwatch
