// SPDX-License-Identifier: Apache-2.0
// FieldSample: what is known of a field's values from some of its rows: the newest few different
// ones, and roughly how many there are. Of bounded size. A value; thread-compatible.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fields/distinct_sketch.h"
#include "model/value.h"

namespace skep::fields {

class FieldSample {
 public:
  static constexpr size_t kExamples = 5;
  static constexpr size_t kExampleBytes = 100;

  // True if the sketch or the examples changed.
  bool Add(const Value& value, bool as_example);

  uint64_t rows() const { return rows_; }
  uint64_t distinct() const { return sketch_.Estimate(); }
  const std::vector<std::string>& examples() const { return examples_; }  // newest first

  // The sketch and the examples as text, and back.
  std::string EncodeSketch() const { return sketch_.Encode(); }
  std::string EncodeExamples() const;
  static Result<FieldSample> Decode(uint64_t rows, std::string_view sketch,
                                    std::string_view examples);

 private:
  uint64_t rows_ = 0;
  DistinctSketch sketch_;
  std::vector<std::string> examples_;
};

// A value as a person reads it; long text is cut at a letter's end.
std::string ExampleText(const Value& value);

}  // namespace skep::fields
