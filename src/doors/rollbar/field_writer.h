// SPDX-License-Identifier: Apache-2.0
// FieldWriter: adds an item's fields to the record under construction: objects flattened `a.b.c` to
// a fixed depth, arrays and what is deeper as JSON text. A field over a limit is left out and
// counted, because the record's raw document has it. One thread, one record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "doors/rollbar/tape_view.h"
#include "model/record_batch.h"

namespace skep::rollbar {

class FieldWriter {
 public:
  FieldWriter(RecordBatch* batch, const Limits& limits) : batch_(batch), limits_(limits) {}

  // Names are literals. Empty texts and absent values add nothing.
  void AddText(std::string_view name, std::string_view text);
  void AddInt(std::string_view name, int64_t value) { Put(batch_->Key(name), Value::Int(value)); }
  void AddBool(std::string_view name, bool value) { Put(batch_->Key(name), Value::Bool(value)); }
  // A value as text, whatever it is.
  void AddAsText(std::string_view name, TapeView value) { AddText(name, value.AsText()); }
  // `value`'s fields under `name`, or what it is instead of an object.
  void AddFields(std::string_view name, TapeView value);

  size_t left_out() const { return left_out_; }

 private:
  void AddNested(TapeView value, size_t depth);
  void Put(KeyId key, Value value);

  RecordBatch* const batch_;
  const Limits& limits_;
  std::string name_;  // of the field at hand; reused
  size_t count_ = 0;
  size_t left_out_ = 0;
};

}  // namespace skep::rollbar
