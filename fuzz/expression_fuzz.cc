// SPDX-License-Identifier: Apache-2.0
// An error names a place within the text; an expression that is taken has a value for a row, and
// becomes SQL, or is refused as too complex, with as many values as places.
//
// link: query/expression
#include "expression_properties.h"
#include "query/expression/evaluate.h"
#include "query/expression/parse.h"
#include "query/expression/render.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  size_t position = 0;
  const auto expression = skep::ParseExpression(text, &position);
  SKEP_CHECK(position <= size);
  if (!expression) return 0;
  skep::Evaluate(*expression, skep::fuzz::Row());
  for (const skep::ValueType type : skep::kEveryType) skep::fuzz::CheckRenders(*expression, type);
  return 0;
}
