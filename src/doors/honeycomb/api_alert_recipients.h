// SPDX-License-Identifier: Apache-2.0
// Recipients: whom triggers and burn alerts tell. They are objects of their own (/1/recipients);
// an alert refers to one by id, or by its type and target, which makes it if there is none. Pure
// but for the catalog.
#pragma once

#include <string>
#include <string_view>

#include "doors/honeycomb/api_call.h"
#include "doors/honeycomb/api_input.h"

namespace skep::honeycomb {

// Reads an alert's `recipients` and writes the member: {"id", "details"}, for a marker also type
// and target. `markers`: whether a marker may be one.
Status ReadRecipients(ApiCall* call, Input* in, bool markers, JsonWriter* body);
// Noun::render_member of such alerts: with each recipient's type and target as they are now.
bool RenderRecipients(const ApiCall& call, std::string_view name, const JsonView& value,
                      JsonWriter* json);
// Whether the alert's stored body names the recipient.
bool NamesRecipient(const Document& alert, std::string_view recipient_id);

}  // namespace skep::honeycomb
