// SPDX-License-Identifier: Apache-2.0
#include "fields/catalogue.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "model/query_spec.h"

namespace skep::fields {
namespace {

int64_t BitsOf(TypeSet types) {
  int64_t bits = 0;
  for (const ValueType type : kEveryType)
    if (types.Has(type)) bits |= int64_t{1} << static_cast<unsigned>(type);
  return bits;
}

TypeSet TypesOfBits(int64_t bits) {
  TypeSet types;
  for (const ValueType type : kEveryType)
    if ((bits >> static_cast<unsigned>(type) & 1) != 0) types |= type;
  return types;
}

// Widens [first, last] by a time; 0 is none.
void Widen(int64_t time_ns, int64_t* first_ns, int64_t* last_ns) {
  if (time_ns == 0) return;
  *first_ns = *first_ns == 0 ? time_ns : std::min(*first_ns, time_ns);
  *last_ns = std::max(*last_ns, time_ns);
}

// Which row of every so many is looked at: another one with each request, so that none is always
// left out.
size_t FirstSampled(int64_t received_ns, size_t every) {
  return static_cast<uint64_t>(received_ns) * 0x9E3779B97F4A7C15ull % every;
}

}  // namespace

Catalogue::Catalogue(FieldRows* rows, CatalogueLimits limits, Clock clock)
    : rows_(rows), limits_(limits), clock_(std::move(clock)) {}

Result<std::unique_ptr<Catalogue>> Catalogue::Load(FieldRows* rows, CatalogueLimits limits,
                                                   Clock clock) {
  std::unique_ptr<Catalogue> catalogue(new Catalogue(rows, limits, std::move(clock)));
  SKEP_ASSIGN(const FieldChanges stored, rows->ReadAll());
  const Status restored =
      catalogue->state_.With([&](State& state) { return Restore(stored, &state); });
  if (!restored) return restored.error();
  return catalogue;
}

Status Catalogue::Restore(const FieldChanges& rows, State* state) {
  const Error damaged(Code::kDataLoss, "the catalog's list of fields is damaged");
  state->progress = rows.progress;
  for (const FieldDatasetRow& row : rows.datasets) {
    if (row.id != static_cast<int64_t>(state->datasets.size()) + 1) return damaged;
    auto dataset = std::make_unique<Dataset>();
    dataset->project = row.project;
    dataset->name = row.name;
    dataset->rows = static_cast<uint64_t>(row.rows);
    dataset->uncounted = static_cast<uint64_t>(row.uncounted);
    dataset->first_seen_ns = row.first_seen_ns;
    dataset->last_seen_ns = row.last_seen_ns;
    dataset->sampled = row.sampled;
    dataset->overflowed = row.overflowed;
    state->projects[row.project][row.name] = static_cast<uint32_t>(state->datasets.size());
    state->datasets.push_back(std::move(dataset));
  }
  for (const FieldRow& row : rows.fields) {
    const auto dataset = static_cast<size_t>(row.dataset - 1);
    if (row.id != static_cast<int64_t>(state->fields.size()) + 1 ||
        dataset >= state->datasets.size())
      return damaged;
    auto field = std::make_unique<Field>();
    field->name = row.name;
    field->dataset = static_cast<uint32_t>(dataset);
    field->types = TypesOfBits(row.types);
    for (size_t i = 0; i < kValueTypes; ++i)
      field->counts[i] = static_cast<uint64_t>(row.counts[i]);
    field->first_seen_ns = row.first_seen_ns;
    field->last_seen_ns = row.last_seen_ns;
    state->datasets[dataset]->fields.emplace(field->name,
                                             static_cast<uint32_t>(state->fields.size()));
    state->fields.push_back(std::move(field));
  }
  for (const FieldSampleRow& row : rows.samples) {
    const auto field = static_cast<size_t>(row.id - 1);
    if (field >= state->fields.size()) return damaged;
    SKEP_ASSIGN(state->fields[field]->sample,
                FieldSample::Decode(static_cast<uint64_t>(row.sampled), row.sketch, row.examples));
  }
  return {};
}

std::optional<uint32_t> Catalogue::DatasetOf(State& state, std::string_view project,
                                             std::string_view name) {
  const auto datasets = state.projects.find(project);
  if (datasets != state.projects.end()) {
    const auto known = datasets->second.find(name);
    if (known != datasets->second.end()) return known->second;
  }
  if (state.datasets.size() >= limits_.datasets || name.size() > limits_.name_bytes ||
      name.find('\0') != std::string_view::npos) {
    state.changed |= !std::exchange(state.progress.more_datasets, true);
    return std::nullopt;
  }
  const auto place = static_cast<uint32_t>(state.datasets.size());
  auto dataset = std::make_unique<Dataset>();
  dataset->project = project;
  dataset->name = name;
  dataset->changed = true;
  state.projects[dataset->project][dataset->name] = place;
  state.datasets.push_back(std::move(dataset));
  return place;
}

std::optional<uint32_t> Catalogue::FieldOf(State& state, uint32_t dataset_place,
                                           std::string_view name) {
  Dataset& dataset = *state.datasets[dataset_place];
  const auto known = dataset.fields.find(name);
  if (known != dataset.fields.end()) return known->second;
  if (state.fields.size() >= limits_.fields ||
      dataset.fields.size() >= limits_.fields_per_dataset || name.size() > limits_.name_bytes ||
      name.find('\0') != std::string_view::npos) {
    dataset.changed |= !std::exchange(dataset.overflowed, true);
    return std::nullopt;
  }
  const auto place = static_cast<uint32_t>(state.fields.size());
  auto field = std::make_unique<Field>();
  field->name = name;
  field->dataset = dataset_place;
  field->changed = true;
  dataset.fields.emplace(field->name, place);
  state.fields.push_back(std::move(field));
  return place;
}

std::vector<RunCounts> Catalogue::Note(const RecordBatch& batch, const RequestInfo& request) {
  const std::vector<DatasetRun> runs = CountFields(batch);
  const size_t every = batch.records().size() < limits_.sample_every ? 1 : limits_.sample_every;
  const size_t first = FirstSampled(request.ingest_time_ns, every);
  std::vector<Slot> slots(batch.keys().size());
  std::vector<RunCounts> counts;
  counts.reserve(runs.size());
  state_.With([&](State& state) {
    for (const DatasetRun& run : runs) {
      auto counted = NoteRun(state, request.project, batch, run, &slots);
      if (!counted) continue;
      counts.push_back(std::move(*counted));
      // The first of the run's rows of this kind.
      size_t row = run.begin + (first + every - run.begin % every) % every;
      for (bool as_example = true; row < run.end; row += every, as_example = false)
        SampleRow(batch, row, as_example, &slots);
      for (const KeyCount& key : run.keys) slots[key.key].field = nullptr;
    }
  });
  return counts;
}

std::optional<RunCounts> Catalogue::NoteRun(State& state, std::string_view project,
                                            const RecordBatch& batch, const DatasetRun& run,
                                            std::vector<Slot>* slots) {
  const auto place = DatasetOf(state, project, run.dataset);
  if (!place) return std::nullopt;
  Dataset& dataset = *state.datasets[*place];
  if (run.sampled) dataset.changed |= !std::exchange(dataset.sampled, true);
  RunCounts counts;
  counts.dataset = *place;
  counts.rows = run.counted;
  counts.fields.reserve(run.keys.size());
  for (const KeyCount& key : run.keys) {
    const auto known = FieldOf(state, *place, batch.keys()[key.key]);
    if (!known) {
      for (const uint32_t count : key.counts) counts.uncounted += count;
      continue;
    }
    Field* field = state.fields[*known].get();
    if ((field->types | key.types) != field->types) {
      field->types |= key.types;
      field->changed = true;
    }
    (*slots)[key.key].field = field;
    counts.fields.push_back({*known, key.counts});
  }
  return counts;
}

void Catalogue::SampleRow(const RecordBatch& batch, size_t row, bool as_example,
                          std::vector<Slot>* slots) {
  const Record& record = batch.records()[row];
  if (record.signal == Signal::kJoin) return;
  const auto look = [&](uint32_t begin, uint32_t end) {
    for (uint32_t i = begin; i < end; ++i) {
      const Attribute& attribute = batch.attributes()[i];
      Slot& slot = (*slots)[attribute.key];
      // Own attributes come first and hide shared ones of the same name.
      if (slot.field == nullptr || slot.row == row + 1) continue;
      slot.row = row + 1;
      slot.field->sample_changed |= slot.field->sample.Add(attribute.value, as_example);
    }
  };
  look(record.own_begin, record.own_end);
  look(record.shared_begin, record.shared_end);
}

void Catalogue::Apply(uint64_t sequence, int64_t received_ns, const std::vector<RunCounts>& runs) {
  state_.With([&](State& state) {
    if (sequence <= state.progress.sequence) return;
    state.progress.sequence = sequence;
    state.changed = true;
    for (const RunCounts& run : runs) {
      Dataset& dataset = *state.datasets[run.dataset];
      dataset.rows += run.rows;
      dataset.uncounted += run.uncounted;
      dataset.changed = true;
      Widen(received_ns, &dataset.first_seen_ns, &dataset.last_seen_ns);
      for (const RunCounts::Field& counted : run.fields) {
        Field& field = *state.fields[counted.field];
        for (size_t i = 0; i < kValueTypes; ++i) field.counts[i] += counted.counts[i];
        field.changed = true;
        Widen(received_ns, &field.first_seen_ns, &field.last_seen_ns);
      }
    }
  });
}

Status Catalogue::Settle() {
  const bool with_samples = state_.With([&](State& state) {
    return clock_() - state.samples_written_ns >= limits_.samples_written_every_ns;
  });
  return Write(with_samples);
}

Status Catalogue::Flush() { return Write(true); }

// What cannot be written is written with the next block.
Status Catalogue::Write(bool with_samples) {
  const auto changes = state_.With([&](State& state) { return TakeChanges(state, with_samples); });
  if (!changes) return {};
  Status written = rows_->Write(*changes);
  if (!written) state_.With([&](State& state) { GiveBack(state, *changes); });
  return written;
}

std::optional<FieldChanges> Catalogue::TakeChanges(State& state, bool with_samples) {
  FieldChanges changes;
  if (with_samples) state.samples_written_ns = clock_();
  for (size_t i = 0; i < state.datasets.size(); ++i) {
    Dataset& dataset = *state.datasets[i];
    if (!std::exchange(dataset.changed, false)) continue;
    changes.datasets.push_back({static_cast<int64_t>(i) + 1, dataset.project, dataset.name,
                                DbBits(dataset.rows), dataset.sampled, dataset.overflowed,
                                DbBits(dataset.uncounted), dataset.first_seen_ns,
                                dataset.last_seen_ns});
  }
  for (size_t i = 0; i < state.fields.size(); ++i) {
    Field& field = *state.fields[i];
    const auto id = static_cast<int64_t>(i) + 1;
    if (std::exchange(field.changed, false)) {
      changes.fields.push_back({id,
                                static_cast<int64_t>(field.dataset) + 1,
                                field.name,
                                BitsOf(field.types),
                                {DbBits(field.counts[0]), DbBits(field.counts[1]),
                                 DbBits(field.counts[2]), DbBits(field.counts[3])},
                                field.first_seen_ns,
                                field.last_seen_ns});
    }
    if (with_samples && std::exchange(field.sample_changed, false)) {
      changes.samples.push_back({id, DbBits(field.sample.rows()), field.sample.EncodeSketch(),
                                 field.sample.EncodeExamples()});
    }
  }
  changes.progress = state.progress;
  const bool changed = std::exchange(state.changed, false) || !changes.datasets.empty() ||
                       !changes.fields.empty() || !changes.samples.empty();
  if (!changed) return std::nullopt;
  return changes;
}

void Catalogue::GiveBack(State& state, const FieldChanges& changes) {
  state.changed = true;
  for (const FieldDatasetRow& row : changes.datasets)
    state.datasets[static_cast<size_t>(row.id - 1)]->changed = true;
  for (const FieldRow& row : changes.fields)
    state.fields[static_cast<size_t>(row.id - 1)]->changed = true;
  for (const FieldSampleRow& row : changes.samples)
    state.fields[static_cast<size_t>(row.id - 1)]->sample_changed = true;
}

bool Catalogue::complete() const {
  return state_.With([](const State& state) { return state.progress.complete; });
}

void Catalogue::Fill(const std::vector<ScannedDataset>& found) {
  state_.With([&](State& state) {
    for (const ScannedDataset& scanned : found) FillDataset(state, scanned);
    state.progress.complete = true;
    state.changed = true;
  });
}

void Catalogue::FillDataset(State& state, const ScannedDataset& scanned) {
  const auto place = DatasetOf(state, scanned.project, scanned.dataset.name);
  if (!place) return;
  Dataset& dataset = *state.datasets[*place];
  dataset.rows += scanned.dataset.rows;
  dataset.sampled |= scanned.dataset.sampled;
  dataset.changed = true;
  Widen(scanned.dataset.first_seen_ns, &dataset.first_seen_ns, &dataset.last_seen_ns);
  Widen(scanned.dataset.last_seen_ns, &dataset.first_seen_ns, &dataset.last_seen_ns);
  for (const FieldInfo& info : scanned.fields) {
    const auto known = FieldOf(state, *place, info.name);
    if (!known) {
      dataset.uncounted += info.rows();
      continue;
    }
    Field& field = *state.fields[*known];
    field.types |= info.types;
    for (size_t i = 0; i < kValueTypes; ++i) field.counts[i] += info.counts[i];
    Widen(info.first_seen_ns, &field.first_seen_ns, &field.last_seen_ns);
    Widen(info.last_seen_ns, &field.first_seen_ns, &field.last_seen_ns);
    field.changed = true;
  }
}

template <typename F>
void Catalogue::ForEachDataset(const State& state, std::string_view project,
                               std::string_view dataset, F&& f) {
  const auto datasets = state.projects.find(project);
  if (datasets == state.projects.end()) return;
  if (dataset == kAllDatasets) {
    for (const auto& [name, place] : datasets->second) f(*state.datasets[place]);
    return;
  }
  const auto known = datasets->second.find(dataset);
  if (known != datasets->second.end()) f(*state.datasets[known->second]);
}

// Several datasets have their values in common as often as not: the number of values is that of the
// one that has most.
void Catalogue::AddTo(const Field& field, FieldInfo* info) {
  info->name = field.name;
  info->types |= field.types;
  for (size_t i = 0; i < kValueTypes; ++i) info->counts[i] += field.counts[i];
  Widen(field.first_seen_ns, &info->first_seen_ns, &info->last_seen_ns);
  Widen(field.last_seen_ns, &info->first_seen_ns, &info->last_seen_ns);
  for (const std::string& example : field.sample.examples()) {
    if (info->examples.size() < FieldSample::kExamples &&
        std::find(info->examples.begin(), info->examples.end(), example) == info->examples.end())
      info->examples.push_back(example);
  }
  const uint64_t distinct = field.sample.distinct();
  if (distinct <= info->distinct && info->sampled != 0) return;
  info->sampled = field.sample.rows();
  info->distinct = distinct;
}

std::vector<FieldInfo> Catalogue::List(std::string_view project, std::string_view dataset) const {
  std::map<std::string_view, FieldInfo> infos;
  return state_.With([&](const State& state) {
    ForEachDataset(state, project, dataset, [&](const Dataset& each) {
      for (const auto& [name, place] : each.fields) AddTo(*state.fields[place], &infos[name]);
    });
    std::vector<FieldInfo> list;
    list.reserve(infos.size());
    for (auto& [name, info] : infos) list.push_back(std::move(info));
    return list;
  });
}

std::optional<FieldInfo> Catalogue::Find(std::string_view project, std::string_view dataset,
                                         std::string_view name) const {
  std::optional<FieldInfo> info;
  state_.With([&](const State& state) {
    ForEachDataset(state, project, dataset, [&](const Dataset& each) {
      const auto known = each.fields.find(name);
      if (known == each.fields.end()) return;
      if (!info) info.emplace();
      AddTo(*state.fields[known->second], &*info);
    });
  });
  return info;
}

std::vector<DatasetInfo> Catalogue::Datasets(std::string_view project) const {
  std::vector<DatasetInfo> infos;
  state_.With([&](const State& state) {
    ForEachDataset(state, project, kAllDatasets, [&](const Dataset& dataset) {
      infos.push_back({dataset.name, dataset.rows, dataset.fields.size(), dataset.sampled,
                       dataset.overflowed, dataset.uncounted, dataset.first_seen_ns,
                       dataset.last_seen_ns});
    });
  });
  return infos;
}

TypeSet Catalogue::TypesOf(std::string_view project, std::string_view dataset,
                           std::string_view name) const {
  return state_.With([&](const State& state) {
    if (!state.progress.complete) return TypeSet::All();
    TypeSet types;
    bool known = false;
    ForEachDataset(state, project, dataset, [&](const Dataset& each) {
      known = true;
      const auto field = each.fields.find(name);
      if (field != each.fields.end()) {
        types |= state.fields[field->second]->types;
      } else if (each.overflowed) {
        types = TypeSet::All();
      }
    });
    if (state.progress.more_datasets && (!known || dataset == kAllDatasets)) return TypeSet::All();
    return types;
  });
}

bool Catalogue::MayBeSampled(std::string_view project, std::string_view dataset) const {
  return state_.With([&](const State& state) {
    if (!state.progress.complete) return true;
    bool sampled = false;
    bool known = false;
    ForEachDataset(state, project, dataset, [&](const Dataset& each) {
      known = true;
      sampled |= each.sampled;
    });
    return sampled || (state.progress.more_datasets && (!known || dataset == kAllDatasets));
  });
}

bool Catalogue::HasAll(std::string_view project, std::string_view dataset) const {
  return state_.With([&](const State& state) {
    bool all = state.progress.complete;
    bool known = false;
    ForEachDataset(state, project, dataset, [&](const Dataset& each) {
      known = true;
      all = all && !each.overflowed;
    });
    return all && !(state.progress.more_datasets && (!known || dataset == kAllDatasets));
  });
}

}  // namespace skep::fields
