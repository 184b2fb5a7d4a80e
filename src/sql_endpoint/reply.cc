// SPDX-License-Identifier: Apache-2.0
#include "sql_endpoint/reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "store/engine_error.h"

namespace skep::sql_endpoint {
namespace {

// HTTPHandler.cpp of ClickHouse: exceptionCodeToHTTPStatus. All others: 500.
struct StatusOfCode {
  int engine;
  int http;
};
constexpr std::array kStatuses = {
    StatusOfCode{192, 404},  // UNKNOWN_USER
    StatusOfCode{497, 403},  // ACCESS_DENIED
    StatusOfCode{164, 500},  // READONLY
    StatusOfCode{62, 400},   // SYNTAX_ERROR
    StatusOfCode{36, 400},   // BAD_ARGUMENTS
    StatusOfCode{26, 400},   // CANNOT_PARSE_QUOTED_STRING
    StatusOfCode{27, 400},   // CANNOT_PARSE_INPUT_ASSERTION_FAILED
    StatusOfCode{38, 400},   // CANNOT_PARSE_DATE
    StatusOfCode{41, 400},   // CANNOT_PARSE_DATETIME
    StatusOfCode{72, 400},   // CANNOT_PARSE_NUMBER
    StatusOfCode{53, 400},   // TYPE_MISMATCH
    StatusOfCode{456, 400},  // UNKNOWN_QUERY_PARAMETER
    StatusOfCode{457, 400},  // BAD_QUERY_PARAMETER
    StatusOfCode{48, 501},   // NOT_IMPLEMENTED
    StatusOfCode{46, 404},   // UNKNOWN_FUNCTION
    StatusOfCode{47, 404},   // UNKNOWN_IDENTIFIER
    StatusOfCode{50, 404},   // UNKNOWN_TYPE
    StatusOfCode{60, 404},   // UNKNOWN_TABLE
    StatusOfCode{63, 404},   // UNKNOWN_AGGREGATE_FUNCTION
    StatusOfCode{73, 404},   // UNKNOWN_FORMAT
    StatusOfCode{81, 404},   // UNKNOWN_DATABASE
    StatusOfCode{115, 404},  // UNKNOWN_SETTING
    StatusOfCode{159, 408},  // TIMEOUT_EXCEEDED
    StatusOfCode{202, 503},  // TOO_MANY_SIMULTANEOUS_QUERIES
};

std::string_view ContentType(std::string_view format) {
  if (format.starts_with("JSON")) return "application/json; charset=UTF-8";
  if (format.starts_with("CSV")) return "text/csv; charset=UTF-8; header=absent";
  if (format.starts_with("TabSeparated") || format.starts_with("TSV"))
    return "text/tab-separated-values; charset=UTF-8";
  if (format.starts_with("Pretty") || format == "Vertical") return "text/plain; charset=UTF-8";
  return "application/octet-stream";
}

}  // namespace

net::Response AnswerReply(EngineAnswer answer, std::string_view format) {
  net::Response response;
  response.headers = {
      {"Content-Type", std::string(ContentType(format))},
      {"X-ClickHouse-Format", std::string(format)},
      {"X-ClickHouse-Timezone", "UTC"},
      {"X-ClickHouse-Server-Display-Name", "skep"},
      {"X-ClickHouse-Summary",
       fmt::format(R"({{"read_rows":"{}","read_bytes":"{}","written_rows":"{}",)"
                   R"("written_bytes":"0","total_rows_to_read":"0","result_rows":"0",)"
                   R"("result_bytes":"{}","elapsed_ns":"{}"}})",
                   answer.rows_read, answer.bytes_read, answer.rows_written, answer.data.size(),
                   answer.elapsed_ns)},
  };
  response.body = answer.data.view();
  return response;
}

net::Response ErrorReply(const Error& error) {
  const std::string& text = error.detail.empty() ? error.message : error.detail;
  const int engine_code = EngineCode(text);
  const auto at = std::ranges::find(kStatuses, engine_code, &StatusOfCode::engine);
  const int status = at == kStatuses.end() ? 500 : at->http;
  net::Response response = net::Response::Text(status, text + "\n");
  // 1002: UNKNOWN_EXCEPTION
  response.headers.emplace_back("X-ClickHouse-Exception-Code",
                                fmt::format("{}", engine_code == 0 ? 1002 : engine_code));
  return response;
}

net::Response OkReply() { return net::Response::Text(200, "Ok.\n", "text/html; charset=UTF-8"); }

}  // namespace skep::sql_endpoint
