// SPDX-License-Identifier: Apache-2.0
// The inverse of JsonToProto, for tests and fuzzing: writes a protobuf request in OTLP's JSON form,
// field by field in the order of the wire, so that decoding either must give the same records.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "doors/otlp/schema.h"

namespace skep::otlp {

// Empty for what JSON cannot say: malformed bytes, text that is no UTF-8, odd NaNs, messages nested
// beyond 30.
std::optional<std::string> ProtoToJson(std::string_view bytes, const Message& message);

}  // namespace skep::otlp
