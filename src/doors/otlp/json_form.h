// SPDX-License-Identifier: Apache-2.0
// OTLP's JSON form to its protobuf form, so that both are decoded by the same code and cannot
// differ. The mapping is protobuf's JSON mapping with OTLP's exceptions: ids in hexadecimal, enums
// as integers, names in lowerCamelCase only
// (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). Unknown names and nulls are
// skipped. Pure.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "doors/otlp/schema.h"

namespace skep::otlp {

// kInvalidArgument, naming the field, for text that is no JSON or does not fit the message.
Result<Bytes> JsonToProto(std::string_view json, const Message& message);

}  // namespace skep::otlp
