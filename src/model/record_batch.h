// SPDX-License-Identifier: Apache-2.0
// RecordBatch: what a decoder makes of one request: records whose text are views into the request's
// body or into the batch's arena, both owned here. Attribute names are interned once per batch, and
// a resource's or scope's attributes are kept once and shared by its records. A batch is built by
// one thread, then only read. Movable; views stay good.
//
// Name clashes: a record's own attribute wins over a shared one of the same name, which stays
// readable as `resource.NAME` unless both are equal; the last of two own ones wins.
//
// Use:  RecordBatch batch(std::move(body));
//       const auto shared = batch.BeginShared(); batch.AddShared("service.name", ...);
//       batch.EndShared(); Record& r = batch.BeginRecord(shared); r.time_ns = ...;
//       batch.Add("http.route", ...); batch.EndRecord();
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/bytes.h"
#include "model/record.h"
#include "model/value.h"

namespace skep {

using KeyId = uint32_t;

struct Attribute {
  KeyId key;
  Value value;
};

// A set of shared attributes: a range of RecordBatch::attributes().
struct SharedSet {
  uint32_t begin = 0;
  uint32_t end = 0;
};

class RecordBatch {
 public:
  RecordBatch();
  explicit RecordBatch(Bytes body);
  RecordBatch(RecordBatch&&) = default;
  RecordBatch& operator=(RecordBatch&&) = default;

  // --- building ---
  Arena& arena() { return arena_; }
  // Interns a name. The view must live as long as the batch (body, arena or literal).
  KeyId Key(std::string_view name);
  // The same for a name that lives shorter: copied when it is new.
  KeyId KeyCopied(std::string_view name);
  // Shared sets may be stacked: BeginShared(outer) starts with a copy of outer's entries (resource,
  // then scope).
  void BeginShared(SharedSet outer = {});
  void AddShared(KeyId key, Value value);
  void AddShared(std::string_view name, Value value) { AddShared(Key(name), value); }
  SharedSet EndShared();
  Record& BeginRecord(SharedSet shared);
  void Add(KeyId key, Value value);
  void Add(std::string_view name, Value value) { Add(Key(name), value); }
  void EndRecord();
  // Takes back the record begun last, as if BeginRecord had not been called.
  void DropRecord();
  // `reason` is a literal, safe for clients; the first one is kept.
  void AddRejected(size_t n, std::string_view reason = {}) {
    rejected_ += n;
    if (reject_reason_.empty()) reject_reason_ = reason;
  }

  // --- reading ---
  std::string_view body() const { return body_.view(); }
  const std::vector<Record>& records() const { return records_; }
  std::vector<Record>& mutable_records() { return records_; }
  const std::vector<Attribute>& attributes() const { return attributes_; }
  const std::vector<std::string_view>& keys() const { return keys_; }
  // Records that were refused one by one while the rest was taken (OTLP's partial success).
  size_t rejected() const { return rejected_; }
  std::string_view reject_reason() const { return reject_reason_; }
  // Finds a record's attribute, own before shared; nullptr if absent. For tests and cold paths.
  const Value* Find(const Record& record, std::string_view name) const;
  // Calls f(name, value) for each attribute of the record, own first, without the shared ones that
  // an own one hides.
  template <typename F>
  void ForEach(const Record& record, F&& f) const {
    for (uint32_t i = record.own_begin; i < record.own_end; ++i)
      f(keys_[attributes_[i].key], attributes_[i].value);
    for (uint32_t i = record.shared_begin; i < record.shared_end; ++i) {
      bool hidden = false;
      for (uint32_t j = record.own_begin; j < record.own_end && !hidden; ++j)
        hidden = attributes_[j].key == attributes_[i].key;
      if (!hidden) f(keys_[attributes_[i].key], attributes_[i].value);
    }
  }

 private:
  struct KeyState {
    uint32_t own_record = 0;    // record number + 1 that has this key as an own attribute ...
    uint32_t own_index = 0;     // ... and where
    uint32_t shared_begin = 0;  // the shared set (by its begin + 1) that has this key ...
    uint32_t shared_index = 0;  // ... and where
  };
  void Grow();
  KeyId Intern(std::string_view name, bool copy);

  Bytes body_;
  Arena arena_;
  std::vector<Record> records_;
  std::vector<Attribute> attributes_;
  std::vector<std::string_view> keys_;
  std::vector<KeyState> key_states_;
  std::vector<uint32_t> slots_;  // open addressing: key id + 1, 0 empty; size a power of two
  uint32_t shared_begin_ = 0;
  size_t rejected_ = 0;
  std::string_view reject_reason_;
};

}  // namespace skep
