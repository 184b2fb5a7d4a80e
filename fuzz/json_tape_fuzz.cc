// SPDX-License-Identifier: Apache-2.0
// The tape takes and refuses what the document does, and reads the same values.
// link: wire
#include <cmath>
#include <string>

#include "base/check.h"
#include "wire/json_tape.h"

namespace {

using skep::JsonTape;
using skep::JsonType;
using skep::JsonView;

std::string TextOf(const JsonTape& tape, size_t index) {
  const std::string_view raw = tape.Raw(tape.tokens()[index]);
  std::string out(raw.size(), '\0');
  out.resize(JsonTape::Unescape(raw, out.data()));
  SKEP_CHECK(tape.tokens()[index].escaped || out == raw);
  return out;
}

// RapidJSON takes more than NaN and infinities where it looks for them: NaN.5, NaNe-5, NInf, NaInf.
bool MayHoldOddNumber(std::string_view text) {
  return text.find("NaN") != std::string_view::npos || text.find("Inf") != std::string_view::npos;
}

bool SameNumber(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// Compares the value at `index`; returns the index behind it.
size_t Compare(const JsonTape& tape, size_t index, JsonView view) {
  const JsonTape::Token& token = tape.tokens()[index];
  SKEP_CHECK(token.type == view.type());
  size_t at = index + 1;
  if (view.IsObject() || view.IsArray()) {
    for (size_t i = 0; i < view.size(); ++i) {
      if (view.IsObject()) SKEP_CHECK(TextOf(tape, at++) == view.NameAt(i));
      at = Compare(tape, at, view.At(i));
    }
  } else if (view.IsString()) {
    SKEP_CHECK(TextOf(tape, index) == view.text());
  } else if (view.type() == JsonType::kBool) {
    SKEP_CHECK((token.int64 != 0) == view.boolean());
  } else if (view.type() == JsonType::kInt64) {
    SKEP_CHECK(token.int64 == view.int64());
  } else if (view.IsNumber()) {
    SKEP_CHECK(SameNumber(token.float64, view.float64()));
  }
  SKEP_CHECK(token.next == at);
  return at;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  JsonTape tape;
  const bool taken = tape.Parse(text);
  const auto document = skep::JsonDocument::Parse(text);
  if (taken && !document) {
    // RapidJSON's scanner looks at the exponent alone and refuses 0e999.
    SKEP_CHECK(document.error().message.find("too big") != std::string::npos);
    return 0;
  }
  if (!taken && document && MayHoldOddNumber(text)) return 0;
  SKEP_CHECK(taken == document.has_value());
  if (taken) SKEP_CHECK(Compare(tape, 0, document->root()) == tape.tokens().size());
  return 0;
}
