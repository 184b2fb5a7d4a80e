// SPDX-License-Identifier: Apache-2.0
// Query JSON: what is refused says why; what is taken reads back as itself, and becomes SQL in
// which nothing of the text stands but names in backquotes, with as many values as places.
//
// link: query/explore
#include <string>

#include "base/check.h"
#include "query/explore/query_plan.h"
#include "query/explore/spec_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  skep::SpecErrors errors;
  skep::QueryRequest request;
  const auto spec = skep::ParseQuerySpec(text, &errors);
  SKEP_CHECK(spec.has_value() == errors.empty());
  if (!spec) return 0;
  const std::string rendered = skep::RenderQuerySpec(*spec);
  const auto again = skep::ParseQuerySpec(rendered, &errors);
  SKEP_CHECK(again && skep::RenderQuerySpec(*again) == rendered);
  request.spec = *spec;
  if (!skep::CheckQuery(request, skep::FieldTypes::All()).empty()) return 0;
  const auto statement = skep::StatementOf(request, skep::FieldTypes::All(), true);
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
