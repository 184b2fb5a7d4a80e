// SPDX-License-Identifier: Apache-2.0
// BatchFields: how often each attribute of a batch has which type, per dataset: the pass over all
// of its attributes, made on the thread that submits it. Names were interned when the batch was
// decoded, so that counting is an addition by key; what a resource says for its records is counted
// once for all of them. Pure.
//
// Exact: an own attribute hides a shared one, as it does in the store. Joins are left out, since no
// question is about them; an open span only tells its types, since its span comes again finished.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "fields/field.h"
#include "model/record_batch.h"

namespace skep::fields {

using TypeCounts = std::array<uint32_t, kValueTypes>;

struct KeyCount {
  KeyId key = 0;
  TypeSet types;
  TypeCounts counts{};
};

// Neighbouring records of one dataset. A dataset may come in several runs.
struct DatasetRun {
  std::string_view dataset;
  size_t begin = 0;  // rows
  size_t end = 0;
  uint32_t counted = 0;  // rows of those that count
  bool sampled = false;  // some of them have another sample rate than 1
  std::vector<KeyCount> keys;
};

std::vector<DatasetRun> CountFields(const RecordBatch& batch);

}  // namespace skep::fields
