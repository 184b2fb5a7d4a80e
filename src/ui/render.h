// SPDX-License-Identifier: Apache-2.0
// Render: the schemas of openapi.yaml that several answers share, as JSON. Nanoseconds and event
// ids are written as text, because a browser's numbers have 53 bits. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/item.h"
#include "query/log_lines.h"
#include "query/request_summary.h"
#include "wire/json.h"

namespace skep::ui {

// A whole number as text.
void FieldAsText(std::string_view name, int64_t value, JsonWriter* json);
void FieldAsText(std::string_view name, uint64_t value, JsonWriter* json);
void FieldUnlessEmpty(std::string_view name, std::string_view text, JsonWriter* json);

// `attributes` with flat names, from the store's JSON text.
void RenderAttributes(std::string_view attributes, JsonWriter* json);
void RenderDoors(const std::vector<DoorShare>& doors, JsonWriter* json);
void RenderRequest(const RequestSummary& request, JsonWriter* json);
void RenderLine(const LogLine& line, JsonWriter* json);
void RenderItem(const Item& item, JsonWriter* json);

}  // namespace skep::ui
