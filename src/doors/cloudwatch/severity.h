// SPDX-License-Identifier: Apache-2.0
// The severity of a log line, as its logging library wrote it: a level word where such libraries
// put one, or a level field of a JSON line. Words of the message itself do not count. Pure;
// thread-safe.
#pragma once

#include <string_view>

#include "model/record.h"
#include "model/value.h"

namespace skep::cloudwatch {

// OpenTelemetry's number for a level word in any case; 0 for other words.
Severity SeverityOfWord(std::string_view word);

// 0 if the line does not say.
Severity SeverityOfText(std::string_view line);

// The severity that a field says; 0 if it says none. Numbers are those of the library that writes
// fields of that name: pino and bunyan (10 to 60), Python (levelno), syslog (0 to 7),
// OpenTelemetry.
Severity SeverityOfField(std::string_view name, const Value& value);

}  // namespace skep::cloudwatch
