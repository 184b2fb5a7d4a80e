// SPDX-License-Identifier: Apache-2.0
// What the ClickHouse HTTP interface answers: headers that its clients look at, statuses of errors.
// Pure.
#pragma once

#include <string_view>

#include "base/error.h"
#include "net/http.h"
#include "store/store.h"

namespace skep::sql_endpoint {

net::Response AnswerReply(EngineAnswer answer, std::string_view format);
net::Response ErrorReply(const Error& error);
// Of clickhouse-server's `/ping` and of `/` without a query.
net::Response OkReply();

}  // namespace skep::sql_endpoint
