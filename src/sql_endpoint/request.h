// SPDX-License-Identifier: Apache-2.0
// What a client asks of the ClickHouse HTTP interface, taken apart. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"
#include "store/store.h"

namespace skep::sql_endpoint {

// The query is in `query=`, or in the body, or begins in the one and goes on in the other;
// `param_X` binds a value, `default_format` names a format, `database` is ours whatever it says,
// and what else the URL has is a setting. Good as long as the request. Errors have the engine's
// numbers in their detail.
Result<FormattedQuery> ParseQueryRequest(const net::Request& request, bool read_only);

// The format that the SQL names behind its last FORMAT, or `default_format`.
std::string FormatOf(std::string_view sql, std::string_view default_format);

}  // namespace skep::sql_endpoint
