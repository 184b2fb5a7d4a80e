// SPDX-License-Identifier: Apache-2.0
#include "sql_endpoint/request.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "base/ascii.h"
#include "store/engine_error.h"
#include "wire/url.h"

namespace skep::sql_endpoint {
namespace {

constexpr std::string_view kParameterPrefix = "param_";
constexpr std::string_view kInsertSuffix = " FORMAT ";
constexpr int64_t kDeadlineMaxMs = 3'600'000;

// Of the HTTP interface itself: neither settings nor of any meaning here. There are no sessions,
// which only writers could tell, and the answer is always whole before it is sent.
constexpr std::array<std::string_view, 11> kIgnored = {
    "user",
    "password",
    "query_id",
    "session_id",
    "session_timeout",
    "session_check",
    "wait_end_of_query",
    "buffer_size",
    "quota_key",
    "stacktrace",
    "client_protocol_version",
};

bool IsName(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_';
  });
}

// Words outside of quotes and comments, one after the other. Enough to find FORMAT at the end of a
// statement; the engine does the parsing.
class Words {
 public:
  explicit Words(std::string_view sql) : rest_(sql) {}

  // Empty at the end.
  std::string_view Next() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '\'' || c == '"' || c == '`') {
        SkipQuoted(c);
      } else if (rest_.starts_with("--") || c == '#') {
        SkipPast("\n");
      } else if (rest_.starts_with("/*")) {
        SkipPast("*/");
      } else if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
        return TakeWord();
      } else {
        rest_.remove_prefix(1);
      }
    }
    return {};
  }

 private:
  void SkipQuoted(char quote) {
    rest_.remove_prefix(1);
    while (!rest_.empty() && rest_.front() != quote)
      rest_.remove_prefix(rest_.front() == '\\' && rest_.size() > 1 ? 2 : 1);
    if (!rest_.empty()) rest_.remove_prefix(1);
  }
  void SkipPast(std::string_view end) {
    const size_t at = rest_.find(end, 1);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + end.size());
  }
  std::string_view TakeWord() {
    size_t size = 0;
    while (size < rest_.size() &&
           (std::isalnum(static_cast<unsigned char>(rest_[size])) != 0 || rest_[size] == '_'))
      ++size;
    const std::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return word;
  }

  std::string_view rest_;
};

Status TakeExecutionTime(std::string_view text, FormattedQuery* query) {
  double seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || !(seconds >= 0))
    return QueryError(
        "Code: 72. DB::Exception: Cannot parse max_execution_time. "
        "(CANNOT_PARSE_NUMBER)");
  if (seconds > 0 && seconds * 1000 < static_cast<double>(kDeadlineMaxMs))
    query->deadline_ms = static_cast<int64_t>(seconds * 1000);
  return {};
}

Status TakeParameter(const std::string& name, std::string value, FormattedQuery* query) {
  if (name.starts_with(kParameterPrefix)) {
    query->parameters.emplace_back(name.substr(kParameterPrefix.size()), std::move(value));
    return {};
  }
  if (name == "database") {
    // Readers have one: that of Skep, whatever it is called.
    if (!query->read_only && IsName(value)) query->database = std::move(value);
    return {};
  }
  if (name == "compress" || name == "decompress") {
    if (value.empty() || value == "0") return {};
    return QueryError(
        "Code: 48. DB::Exception: Compressed blocks are not supported, use "
        "Accept-Encoding. (NOT_IMPLEMENTED)");
  }
  if (name == "default_format") {
    query->default_format = std::move(value);
    return {};
  }
  if (std::ranges::find(kIgnored, name) != kIgnored.end()) return {};
  if (name == "readonly") {
    if (value == "1" || value == "2" || !query->read_only) return {};
    return QueryError(
        "Code: 164. DB::Exception: Cannot modify 'readonly' setting in readonly "
        "mode. (READONLY)");
  }
  if (!IsName(name))
    return QueryError("Code: 115. DB::Exception: Unknown setting '" + name +
                      "'. (UNKNOWN_SETTING)");
  if (name == "max_execution_time") SKEP_TRY(TakeExecutionTime(value, query));
  query->settings.emplace_back(name, std::move(value));
  return {};
}

// `INSERT ... FORMAT Native` with its data in the body.
void TakeInsert(const net::Request& request, FormattedQuery* query) {
  const size_t at = query->sql.rfind(kInsertSuffix);
  if (at == std::string::npos) return;
  query->default_format = query->sql.substr(at + kInsertSuffix.size());
  query->sql.resize(at);
  query->data = request.body.view();
}

}  // namespace

Result<FormattedQuery> ParseQueryRequest(const net::Request& request, bool read_only) {
  FormattedQuery query;
  query.read_only = read_only;
  const auto parameters = ParseQuery(request.query);
  if (!parameters)
    return QueryError("Code: 36. DB::Exception: Too many parameters in the URL. (BAD_ARGUMENTS)");
  for (const auto& [name, value] : *parameters) {
    if (name == "query")
      query.sql = value;
    else
      SKEP_TRY(TakeParameter(name, value, &query));
  }
  if (const auto format = request.Header("x-clickhouse-format"); !format.empty())
    query.default_format = format;
  if (query.sql.empty()) {
    query.sql = request.body.view();
  } else if (!read_only && query.sql.starts_with("INSERT ")) {
    TakeInsert(request, &query);
  } else if (!request.body.empty()) {
    query.sql += "\n";
    query.sql += request.body.view();
  }
  if (query.sql.empty()) return QueryError("Code: 62. DB::Exception: Empty query. (SYNTAX_ERROR)");
  return query;
}

std::string FormatOf(std::string_view sql, std::string_view default_format) {
  Words words(sql);
  std::string_view found = default_format;
  for (std::string_view word = words.Next(); !word.empty(); word = words.Next())
    if (EqualsIgnoringCase(word, "FORMAT"))
      if (const std::string_view next = words.Next(); !next.empty()) found = next;
  return std::string(found);
}

}  // namespace skep::sql_endpoint
