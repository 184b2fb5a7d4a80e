// SPDX-License-Identifier: Apache-2.0
// An error names a place within the text; a filter that is taken becomes SQL in which nothing of
// the text stands but names in backquotes, with as many values as places.
//
// link: query
#include <string>

#include "base/check.h"
#include "query/condition.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  size_t position = 0;
  const auto filter = skep::ParseFilter(text, &position);
  SKEP_CHECK(position <= size);
  if (!filter) return 0;
  skep::SqlWriter sql;
  if (!skep::AppendFilter(*filter, {}, &sql, &position)) {
    SKEP_CHECK(position < size);
    return 0;
  }
  const skep::Statement statement = sql.Take();
  size_t places = 0;
  bool quoted = false;
  for (size_t i = 0; i < statement.sql.size(); ++i) {
    const char c = statement.sql[i];
    if (quoted && c == '\\') ++i;
    if (c == '`') quoted = !quoted;
    if (!quoted && c == '{') ++places;
    SKEP_CHECK(quoted || static_cast<unsigned char>(c) < 0x80);
  }
  SKEP_CHECK(!quoted && places == statement.parameters.size());
  return 0;
}
