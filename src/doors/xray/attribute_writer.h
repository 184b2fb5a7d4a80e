// SPDX-License-Identifier: Apache-2.0
// AttributeWriter: adds parts of a segment document, which lies on a tape, to the record under
// construction as attributes. Names known beforehand ("fixed") always find room; fields that the
// program chose (annotations, metadata, ...) are left out beyond a limit, because the document
// itself is kept. One thread, one batch.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "model/record_batch.h"
#include "wire/json_tape.h"

namespace skep::xray {

// What to make of a member's value.
enum class Form {
  kAsIs,
  kUpper,    // text in upper case: Python writes `get`
  kInteger,  // a number, also where it was written as text; negative ones mean "unknown"
  kIfTrue,   // only when it is true
  kSkip,     // somebody else reads it
};

// A member of a vendor's object and the attribute that it becomes.
struct KnownMember {
  std::string_view member;
  std::string_view name;
  Form form = Form::kAsIs;
};

class AttributeWriter {
 public:
  AttributeWriter(RecordBatch* batch, const JsonTape* tape, const Limits& limits)
      : batch_(batch), tape_(tape), limits_(limits) {}

  void BeginRecord() { count_ = 0; }

  // A fixed name. Empty text means "not known" and adds nothing.
  void AddText(std::string_view name, std::string_view text);
  void AddTrue(std::string_view name) { batch_->Add(name, Value::Bool(true)); }
  // The members of the object at `token`: known ones under their names, others flattened under
  // `prefix`. What is no object becomes one attribute named by the prefix without its dot.
  void AddObject(size_t token, std::span<const KnownMember> known, std::string_view prefix);
  // The value at `token` under `name`, flattened where it is an object.
  void AddNamed(std::string_view name, size_t token);

  // The text of a string token, unescaped; empty for other tokens. Lives as long as the batch.
  std::string_view Text(size_t token);

 private:
  void AddKnown(const KnownMember& known, size_t token);
  void AddInteger(std::string_view name, size_t token);
  void AddUpper(std::string_view name, std::string_view text);
  void Flatten(size_t token, size_t depth);
  void FlattenMembers(size_t token, size_t depth);
  void AddMember(std::string_view member, size_t token, size_t depth);
  void Put(Value value);
  Value ScalarOf(size_t token);

  RecordBatch* const batch_;
  const JsonTape* const tape_;
  const Limits& limits_;
  size_t count_ = 0;  // chosen fields of the record at hand
  std::string name_;  // of the field at hand; reused
};

// Calls f(name, token of the value) for each member of the object at `token`, or does nothing if it
// is no object. Names come unescaped.
template <typename F>
void ForEachMember(const JsonTape& tape, AttributeWriter* writer, size_t token, F&& f) {
  if (tape.tokens()[token].type != JsonType::kObject) return;
  const size_t end = tape.tokens()[token].next;
  for (size_t at = token + 1; at < end; at = tape.tokens()[at + 1].next) {
    const JsonTape::Token& name = tape.tokens()[at];
    f(name.escaped ? writer->Text(at) : tape.Raw(name), at + 1);
  }
}

}  // namespace skep::xray
