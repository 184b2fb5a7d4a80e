// SPDX-License-Identifier: Apache-2.0
// Catalogue: the fields of every dataset: name, types, how often, examples, roughly how many
// values. Kept in memory, filled while requests are taken, and written to the catalog with each
// block; nothing here ever reads the data.
//
// What holds always:
// - The types of a field are known before a row that has them can be seen: Note runs before the
//   request is journalled, Settle writes them before the journal forgets it.
// - Counts are exact: they change when a block is committed, once for each sequence, and lie in the
//   catalog together with the sequence that they count through.
// - Examples and the number of values come from a part of the rows, and are written now and then.
// - It is bounded: fields over the caps are counted together, and a name that is not kept may have
//   any type.
//
// Thread-safe. Note runs on submitting threads, Apply and Settle on the committing one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "catalog/field_rows.h"
#include "fields/batch_fields.h"
#include "fields/field.h"
#include "fields/field_sample.h"
#include "store/block_builder.h"

namespace skep::fields {

struct CatalogueLimits {
  size_t fields_per_dataset = 2'000;
  size_t fields = 20'000;
  size_t datasets = 2'000;
  size_t name_bytes = 256;
  size_t sample_every = 32;  // rows; requests with fewer are looked at whole
  int64_t samples_written_every_ns = 30 * kNsPerS;
};

// What one run of a request's records adds to a dataset, for Apply.
struct RunCounts {
  struct Field {
    uint32_t field = 0;  // its place in the catalogue
    TypeCounts counts{};
  };
  uint32_t dataset = 0;  // likewise
  uint64_t rows = 0;
  uint64_t uncounted = 0;
  std::vector<Field> fields;
};

// What a scan of the data found of one dataset.
struct ScannedDataset {
  std::string project;
  DatasetInfo dataset;
  std::vector<FieldInfo> fields;  // name, types, counts
};

class Catalogue {
 public:
  // Reads what the catalog has; `rows` must outlive it.
  static Result<std::unique_ptr<Catalogue>> Load(FieldRows* rows, CatalogueLimits limits = {},
                                                 Clock clock = WallClockNs);

  // --- writing ---
  // Makes the batch's fields and their types known, and looks at some of its values.
  std::vector<RunCounts> Note(const RecordBatch& batch, const RequestInfo& request);
  void Apply(uint64_t sequence, int64_t received_ns, const std::vector<RunCounts>& runs);
  // What cannot be written is written with the next one.
  Status Settle();
  // Writes everything, samples too.
  Status Flush();

  // --- what was stored before there was a catalogue ---
  // False: rows may have fields that are not here, so that every name may have any type.
  bool complete() const;
  // Adds all of it, and is complete then; written with the next block.
  void Fill(const std::vector<ScannedDataset>& found);

  // --- reading; `dataset` kAllDatasets: all of the project taken together ---
  // In order of name.
  std::vector<FieldInfo> List(std::string_view project, std::string_view dataset) const;
  std::optional<FieldInfo> Find(std::string_view project, std::string_view dataset,
                                std::string_view name) const;
  std::vector<DatasetInfo> Datasets(std::string_view project) const;
  // Never less than what a visible row has; empty: no row has the field.
  TypeSet TypesOf(std::string_view project, std::string_view dataset, std::string_view name) const;
  bool MayBeSampled(std::string_view project, std::string_view dataset) const;
  // False: rows may have fields that List does not know.
  bool HasAll(std::string_view project, std::string_view dataset) const;

 private:
  struct Field {
    std::string name;
    uint32_t dataset = 0;
    TypeSet types;
    std::array<uint64_t, kValueTypes> counts{};
    int64_t first_seen_ns = 0;
    int64_t last_seen_ns = 0;
    FieldSample sample;
    bool changed = false;
    bool sample_changed = false;
  };
  struct Dataset {
    std::string project;
    std::string name;
    std::unordered_map<std::string_view, uint32_t> fields;  // views of Field::name
    uint64_t rows = 0;
    uint64_t uncounted = 0;
    int64_t first_seen_ns = 0;
    int64_t last_seen_ns = 0;
    bool sampled = false;
    bool overflowed = false;
    bool changed = false;
  };
  struct State {
    std::vector<std::unique_ptr<Field>> fields;      // their id is one more than the place
    std::vector<std::unique_ptr<Dataset>> datasets;  // likewise
    std::map<std::string, std::map<std::string, uint32_t, std::less<>>, std::less<>> projects;
    FieldProgress progress;
    bool changed = false;  // progress
    int64_t samples_written_ns = 0;
  };
  // By key of the batch at hand.
  struct Slot {
    Field* field = nullptr;
    size_t row = 0;  // the last one looked at that has it, + 1
  };

  Catalogue(FieldRows* rows, CatalogueLimits limits, Clock clock);

  static Status Restore(const FieldChanges& rows, State* state);
  // None: there is no room for it.
  std::optional<uint32_t> DatasetOf(State& state, std::string_view project, std::string_view name);
  std::optional<uint32_t> FieldOf(State& state, uint32_t dataset, std::string_view name);
  std::optional<RunCounts> NoteRun(State& state, std::string_view project, const RecordBatch& batch,
                                   const DatasetRun& run, std::vector<Slot>* slots);
  static void SampleRow(const RecordBatch& batch, size_t row, bool as_example,
                        std::vector<Slot>* slots);
  Status Write(bool with_samples);
  // None: nothing changed.
  std::optional<FieldChanges> TakeChanges(State& state, bool with_samples);
  void FillDataset(State& state, const ScannedDataset& scanned);
  static void GiveBack(State& state, const FieldChanges& changes);
  static void AddTo(const Field& field, FieldInfo* info);
  // f(const Dataset&) for the one, or for all.
  template <typename F>
  static void ForEachDataset(const State& state, std::string_view project, std::string_view dataset,
                             F&& f);

  FieldRows* rows_;
  const CatalogueLimits limits_;
  const Clock clock_;
  Guarded<State> state_;
};

}  // namespace skep::fields
