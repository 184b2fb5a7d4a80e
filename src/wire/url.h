// SPDX-License-Identifier: Apache-2.0
// Request targets and query strings (RFC 3986, RFC 9112 section 3.2): absolute forms,
// percent-escapes, parameters. Decoding is strict where a wrong answer would name another thing
// (paths) and lenient where clients are sloppy (queries). Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace skep {

struct RequestTarget {
  std::string authority;  // of the absolute form, else empty
  std::string path;       // as sent; `/` where the absolute form has none; `*` for OPTIONS *
  std::string query;      // without the `?`
};

// Takes the origin form (`/a?b`), the absolute form (`http://host/a?b`) and `*`; refuses the rest.
Result<RequestTarget> ParseRequestTarget(std::string_view target);

// Every escape must be two hex digits; empty otherwise.
std::optional<std::string> PercentDecode(std::string_view text);
// For any place of a URL: everything but letters, digits and `-._~` is escaped.
std::string PercentEncode(std::string_view text);
// As forms do it: `+` is a space and a broken escape stands for itself.
std::string DecodeQueryText(std::string_view text);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;
// At most `parameters_max`, in order; one without `=` has an empty value.
Result<QueryParameters> ParseQuery(std::string_view query, size_t parameters_max = 1024);
// The first value of `name`, decoded; empty if the query has none.
std::optional<std::string> FindQueryParameter(std::string_view query, std::string_view name);

}  // namespace skep
