// SPDX-License-Identifier: Apache-2.0
// For tests of fields: batches made by hand, and a catalogue over a database. Only tests use it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fields/catalogue.h"
#include "model/query_spec.h"

namespace skep::fields {

struct TestRow {
  std::string dataset;
  std::vector<std::pair<std::string, Value>> own;  // texts: literals
  SharedSet shared{};
  Signal signal = Signal::kSpan;
  double sample_rate = 1;
};

inline void AddRow(const TestRow& row, RecordBatch* batch) {
  Record& record = batch->BeginRecord(row.shared);
  record.signal = row.signal;
  record.dataset = batch->arena().Copy(row.dataset);
  record.sample_rate = row.sample_rate;
  for (const auto& [name, value] : row.own) batch->Add(batch->KeyCopied(name), value);
  batch->EndRecord();
}

inline RecordBatch BatchOf(const std::vector<TestRow>& rows) {
  RecordBatch batch;
  for (const TestRow& row : rows) AddRow(row, &batch);
  return batch;
}

class CatalogueTest : public ::testing::Test {
 protected:
  CatalogueTest() {
    auto opened = Database::Open({":memory:"});
    EXPECT_TRUE(opened.has_value());
    database_ = std::move(*opened);
    rows_ = std::make_unique<FieldRows>(database_.get());
    Reopen();
    catalogue_->Fill({});
  }

  // As after a restart: what was not written is gone.
  void Reopen() {
    auto loaded = Catalogue::Load(rows_.get(), limits_, [this] { return now_ns_; });
    ASSERT_TRUE(loaded.has_value()) << loaded.error().detail;
    catalogue_ = std::move(*loaded);
  }
  // A request on its whole way, received at time `sequence`.
  void Take(uint64_t sequence, const RecordBatch& batch) {
    const auto received_ns = static_cast<int64_t>(sequence);
    const auto runs = catalogue_->Note(batch, {"default", Door::kOtlp, sequence, received_ns});
    catalogue_->Apply(sequence, received_ns, runs);
  }
  FieldInfo Of(std::string_view name, std::string_view dataset = kAllDatasets) {
    const auto found = catalogue_->Find("default", dataset, name);
    EXPECT_TRUE(found.has_value()) << name;
    return found.value_or(FieldInfo{});
  }
  TypeSet TypesOf(std::string_view name, std::string_view dataset = kAllDatasets) {
    return catalogue_->TypesOf("default", dataset, name);
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<FieldRows> rows_;
  CatalogueLimits limits_;
  int64_t now_ns_ = 0;
  std::unique_ptr<Catalogue> catalogue_;
};

}  // namespace skep::fields
