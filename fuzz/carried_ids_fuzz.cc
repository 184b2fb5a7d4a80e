// SPDX-License-Identifier: Apache-2.0
// Ids are found only where their digits stand, and never half: no span without a trace.
// link: model
#include <string>

#include "base/check.h"
#include "model/carried_ids.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string plain;  // X-Ray's ids have dashes within
  for (const char c : text)
    if (c != '-') plain.push_back(c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c);
  const size_t half = text.find('\n');
  skep::CarriedIdsFinder finder;
  finder.AddField(text.substr(0, half), half == text.npos ? text : text.substr(half + 1));
  for (const skep::CarriedIds& ids : {skep::FindCarriedIds(text), finder.ids()}) {
    SKEP_CHECK(!ids.trace_id.empty() || ids.span_id.empty());
    SKEP_CHECK(ids.trace_id.empty() || plain.find(ids.trace_id.Hex()) != plain.npos);
    SKEP_CHECK(ids.span_id.empty() || plain.find(ids.span_id.Hex()) != plain.npos);
  }
  return 0;
}
