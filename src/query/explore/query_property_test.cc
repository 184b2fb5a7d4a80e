// SPDX-License-Identifier: Apache-2.0
// The engine's answer to a query is the one computed row by row: random rows, random questions with
// every part of the query JSON. SKEP_PROPERTY_SEED repeats a run, SKEP_PROPERTY_PAIRS says how many
// questions; a failure is shrunk, both the question and the rows, and printed with its seed.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "query/explore/naive_query.h"
#include "query/explore/query_generator.h"
#include "query/explore/run_query.h"
#include "query/explore/spec_json.h"
#include "query/testing.h"
#include "store/block_builder.h"
#include "store/testing.h"

namespace skep {
namespace {

using naive::Dice;
using naive::Row;

constexpr size_t kQuestionsPerWorld = 40;
#if defined(__SANITIZE_ADDRESS__)
constexpr size_t kPairs = 400;
#else
constexpr size_t kPairs = 10'000;
#endif

size_t Setting(const char* name, size_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

// The types that rows have, looked up in the rows.
class RowTypes final : public FieldTypes {
 public:
  explicit RowTypes(const std::vector<Row>* rows) : rows_(rows) {}
  TypeSet TypesOf(std::string_view dataset, std::string_view attribute) const override {
    TypeSet types;
    for (const Row& row : *rows_) {
      const auto value = row.attributes.find(attribute);
      if (value == row.attributes.end() || !IsOf(row, dataset)) continue;
      if (std::holds_alternative<int64_t>(value->second)) types |= ValueType::kInt64;
      if (std::holds_alternative<double>(value->second)) types |= ValueType::kFloat64;
      if (std::holds_alternative<bool>(value->second)) types |= ValueType::kBool;
      if (std::holds_alternative<std::string>(value->second)) types |= ValueType::kString;
    }
    return types;
  }
  bool MayBeSampled(std::string_view dataset) const override {
    return std::any_of(rows_->begin(), rows_->end(),
                       [&](const Row& row) { return IsOf(row, dataset) && row.sample_rate != 1; });
  }
  // As if there were many, or as if nobody knew: the answer is the same.
  uint64_t DistinctOf(std::string_view, std::string_view attribute) const override {
    return attribute.size() % 2 == 0 ? Fields::kManyValues : 0;
  }

 private:
  static bool IsOf(const Row& row, std::string_view dataset) {
    return dataset == kAllDatasets || row.dataset == dataset;
  }
  const std::vector<Row>* rows_;
};

// Rows in the store under a project of their own.
class World {
 public:
  World(Store* store, int number, std::vector<Row> rows)
      : project_("p" + std::to_string(number)), rows_(std::move(rows)) {
    BlockBuilder builder;
    for (size_t i = 0; i < rows_.size(); ++i) Append(rows_[i], i + 1, &builder);
    const Status inserted = store->Insert(builder.Encode(), project_);
    EXPECT_TRUE(inserted) << inserted.error().message << inserted.error().detail;
  }

  const std::vector<Row>& rows() const { return rows_; }
  const std::string& project() const { return project_; }

 private:
  void Append(const Row& row, uint64_t sequence, BlockBuilder* builder) {
    RecordBatch batch;
    const auto copy = [&](std::string_view text) { return batch.arena().Copy(text); };
    Record& record = batch.BeginRecord({});
    record.time_ns = row.time_ns;
    record.duration_ns = row.duration_ns;
    record.signal = row.signal;
    record.kind = row.kind;
    record.status = row.status;
    record.severity = row.severity;
    record.trace_id = naive::IdOf<16>(row.trace);
    record.span_id = naive::IdOf<8>(row.span);
    record.parent_id = naive::IdOf<8>(row.parent);
    record.dataset = copy(row.dataset);
    record.name = copy(row.name);
    record.body = copy(row.body);
    record.sample_rate = row.sample_rate;
    for (const auto& [key, value] : row.attributes) {
      const KeyId id = batch.KeyCopied(key);
      if (const auto* whole = std::get_if<int64_t>(&value)) batch.Add(id, Value::Int(*whole));
      if (const auto* real = std::get_if<double>(&value)) batch.Add(id, Value::Float(*real));
      if (const auto* flag = std::get_if<bool>(&value)) batch.Add(id, Value::Bool(*flag));
      if (const auto* text = std::get_if<std::string>(&value))
        batch.Add(id, Value::String(copy(*text)));
    }
    batch.EndRecord();
    builder->Append(batch, {project_, row.door, sequence, row.time_ns});
  }

  std::string project_;
  std::vector<Row> rows_;
};

std::string Shown(const SpecValue& value) {
  static constexpr const char* kNames[] = {"null", "bool", "int", "float", "text"};
  return fmt::format("{} '{}'", kNames[value.index()], naive::TextOfSpec(value));
}

std::string Shown(const Measure& measure) {
  if (measure.IsNull()) return "null";
  if (const auto* cells = std::get_if<Heatmap>(&measure.value)) {
    std::string text;
    for (const HeatmapCell& cell : *cells)
      text += fmt::format("[{}, {}): {} ", cell.low, cell.high, cell.count);
    return text;
  }
  return fmt::format("{} +- {}", measure.Number(), measure.standard_error);
}

bool AreNear(double a, double b) {
  return a == b || std::fabs(a - b) <= 1e-9 * std::max({std::fabs(a), std::fabs(b), 1e-3});
}

// Says where the engine's answer differs; empty: nowhere.
class Difference {
 public:
  explicit Difference(const std::vector<std::optional<CalculationOp>>& ops) : ops_(ops) {}

  std::string Between(const QueryResult& right, const QueryResult& said) {
    if (right.keys != said.keys) return "keys";
    if (right.start_s != said.start_s || right.end_s != said.end_s ||
        right.granularity_s != said.granularity_s)
      return "times";
    if (right.rows.size() != said.rows.size())
      return fmt::format("{} rows, the engine has {}", right.rows.size(), said.rows.size());
    for (size_t i = 0; i < right.rows.size(); ++i) {
      const std::string where = fmt::format("row {}", i);
      for (size_t g = 0; g < right.rows[i].group.size(); ++g) {
        const SpecValue& value = right.rows[i].group[g];
        if (value != said.rows[i].group[g])
          return fmt::format("{} group {}: {}, the engine has {}", where, g, Shown(value),
                             Shown(said.rows[i].group[g]));
      }
      Compare(where, right.rows[i].measures, said.rows[i].measures);
    }
    if (right.series.size() != said.series.size())
      return fmt::format("{} points, the engine has {}", right.series.size(), said.series.size());
    for (size_t i = 0; i < right.series.size(); ++i) {
      const auto& point = right.series[i];
      if (point.time_s != said.series[i].time_s || point.row != said.series[i].row)
        return fmt::format("point {}: at {} of row {}, the engine has {} of {}", i, point.time_s,
                           point.row, said.series[i].time_s, said.series[i].row);
      Compare(fmt::format("point {} of row {}", point.time_s, point.row), point.measures,
              said.series[i].measures);
    }
    Compare("total", right.total, said.total);
    Compare("other", right.other, said.other);
    Compare("total series", right.total_series, said.total_series);
    Compare("other series", right.other_series, said.other_series);
    if (!found_.empty()) return found_;
    if ((right.compare == nullptr) != (said.compare == nullptr)) return "a comparison";
    if (right.compare == nullptr) return {};
    const std::string compared = Difference(ops_).Between(*right.compare, *said.compare);
    return compared.empty() ? compared : "compared: " + compared;
  }

 private:
  void Compare(const std::string& where, const std::vector<TotalPoint>& right,
               const std::vector<TotalPoint>& said) {
    if (right.size() != said.size())
      return Say(where, fmt::format("{} points", right.size()),
                 fmt::format("{} points", said.size()));
    for (size_t i = 0; i < right.size(); ++i) {
      if (right[i].time_s != said[i].time_s)
        Say(where, fmt::format("at {}", right[i].time_s), fmt::format("{}", said[i].time_s));
      Compare(fmt::format("{} at {}", where, right[i].time_s), right[i].measures, said[i].measures);
    }
  }

  void Compare(const std::string& where, const Measures& right, const Measures& said) {
    if (right.size() != said.size())
      return Say(where, fmt::format("{} measures", right.size()),
                 fmt::format("{} measures", said.size()));
    for (size_t i = 0; i < right.size(); ++i) {
      if (!AreAlike(right[i], said[i], i))
        Say(fmt::format("{} measure {}", where, i), Shown(right[i]), Shown(said[i]));
    }
  }

  bool AreAlike(const Measure& right, const Measure& said, size_t i) const {
    if (right.value.index() != said.value.index()) return false;
    if (const auto* cells = std::get_if<Heatmap>(&right.value)) {
      const Heatmap& others = std::get<Heatmap>(said.value);
      return std::equal(cells->begin(), cells->end(), others.begin(), others.end(),
                        [](const HeatmapCell& a, const HeatmapCell& b) {
                          return a.low == b.low && a.high == b.high && AreNear(a.count, b.count);
                        });
    }
    if (right.IsNull()) return true;
    if (!AreNear(right.Number(), said.Number())) return false;
    // How far off a percentile may be is an estimate of its own, and a span counts in CONCURRENCY
    // once for each bucket.
    const bool has_error = i < ops_.size() && ops_[i] && QuantileOf(*ops_[i]) == 0 &&
                           *ops_[i] != CalculationOp::kConcurrency;
    const double scale = std::max(std::fabs(right.Number()), right.standard_error);
    return !has_error || std::fabs(right.standard_error - said.standard_error) <= 1e-6 * scale;
  }

  void Say(const std::string& where, const std::string& right, const std::string& said) {
    if (found_.empty()) found_ = fmt::format("{}: {}, the engine has {}", where, right, said);
  }

  const std::vector<std::optional<CalculationOp>>& ops_;
  std::string found_;
};

class Judge {
 public:
  explicit Judge(Store* store) : store_(store), reader_(store, &sink_) {}

  World NewWorld(std::vector<Row> rows) { return World(store_, ++worlds_, std::move(rows)); }

  // Empty: no difference. `*ambiguous`: there is no one right answer.
  std::string Ask(const World& world, QueryRequest request, bool knows_types, bool* ambiguous) {
    *ambiguous = false;
    SpecErrors errors;
    const std::string json = RenderQuerySpec(request.spec);
    auto spec = ParseQuerySpec(json, &errors);
    if (!spec) return "cannot be parsed: " + ErrorOf(errors).message;
    request.spec = std::move(*spec);
    request.project = world.project();
    request.now_ns = (naive::kBaseS + naive::kLengthS) * 1'000'000'000;
    request.freshness = Freshness::kRecent;
    naive::Query query(request, world.rows());
    const QueryResult right = query.Answer();
    *ambiguous = query.is_ambiguous();
    if (*ambiguous) return {};
    const RowTypes types(&world.rows());
    const FieldTypes& known =
        knows_types ? static_cast<const FieldTypes&>(types) : FieldTypes::All();
    const auto said = RunQuery(reader_, request, known, {});
    if (!said) return "is refused: " + said.error().message.substr(0, 400);
    return Difference(said->ops).Between(right, *said);
  }

 private:
  Store* store_;
  testing::IdleSink sink_;
  Reader reader_;
  int worlds_ = 0;
};

// Takes away whatever can be taken away with the difference still there.
class Shrinker {
 public:
  Shrinker(Judge* judge, bool knows_types) : judge_(judge), knows_types_(knows_types) {}

  void Shrink(QueryRequest* request, std::vector<Row>* rows) {
    const World whole = judge_->NewWorld(*rows);
    for (bool smaller = true; smaller;) {
      smaller = false;
      for (const QuerySpec& less : Smaller(request->spec)) {
        QueryRequest tried = *request;
        tried.spec = less;
        if (!Differs(whole, tried)) continue;
        *request = std::move(tried);
        smaller = true;
        break;
      }
    }
    for (size_t chunk = rows->size() / 2; chunk > 0; chunk /= 2) {
      for (size_t at = 0; at + chunk <= rows->size();) {
        std::vector<Row> fewer = *rows;
        const auto begin = fewer.begin() + static_cast<ptrdiff_t>(at);
        fewer.erase(begin, begin + static_cast<ptrdiff_t>(chunk));
        if (Differs(judge_->NewWorld(fewer), *request)) {
          *rows = std::move(fewer);
        } else {
          at += chunk;
        }
      }
    }
  }

 private:
  bool Differs(const World& world, const QueryRequest& request) {
    bool ambiguous = false;
    const std::string difference = judge_->Ask(world, request, knows_types_, &ambiguous);
    // What is no longer a query differs from nothing.
    return !difference.empty() && !difference.starts_with("cannot be parsed") &&
           !difference.starts_with("is refused: formulas");
  }

  template <typename T>
  static void Without(const QuerySpec& spec, std::vector<T> QuerySpec::* list,
                      std::vector<QuerySpec>* out) {
    for (size_t i = 0; i < (spec.*list).size(); ++i) {
      QuerySpec less = spec;
      (less.*list).erase((less.*list).begin() + static_cast<ptrdiff_t>(i));
      out->push_back(std::move(less));
    }
  }

  static std::vector<QuerySpec> Smaller(const QuerySpec& spec) {
    std::vector<QuerySpec> all;
    Without(spec, &QuerySpec::filters, &all);
    Without(spec, &QuerySpec::havings, &all);
    Without(spec, &QuerySpec::orders, &all);
    Without(spec, &QuerySpec::formulas, &all);
    Without(spec, &QuerySpec::breakdowns, &all);
    if (spec.calculations.size() > 1) Without(spec, &QuerySpec::calculations, &all);
    Without(spec, &QuerySpec::calculated_fields, &all);
    const auto with = [&](auto&& change) {
      QuerySpec less = spec;
      change(&less);
      if (RenderQuerySpec(less) != RenderQuerySpec(spec)) all.push_back(std::move(less));
    };
    with([](QuerySpec* less) { less->compare_time_offset_seconds.reset(); });
    with([](QuerySpec* less) { less->limit.reset(); });
    with([](QuerySpec* less) { less->usage_mode = true; });
    with([](QuerySpec* less) { less->granularity = 60; });
    for (size_t i = 0; i < spec.filters.size(); ++i) {
      for (const SpecFilter& part : spec.filters[i].parts)
        with([&](QuerySpec* less) { less->filters[i] = part; });
    }
    for (size_t i = 0; i < spec.calculations.size(); ++i)
      with([&](QuerySpec* less) { less->calculations[i].filters.clear(); });
    return all;
  }

  Judge* judge_;
  bool knows_types_;
};

std::string Spelled(const Row& row) {
  std::string text = fmt::format(
      "  {} door {} at {} for {} dataset '{}' name '{}' rate {} trace {} span {} parent {}",
      naive::SignalText(row.signal), static_cast<int>(row.door), naive::Timestamp(row.time_ns),
      row.duration_ns, row.dataset, row.name, row.sample_rate, row.trace, row.span, row.parent);
  for (const auto& [key, value] : row.attributes)
    text += fmt::format(" {}={}:'{}'", key, value.index(), TextOf(value));
  return text + "\n";
}

TEST(QueryProperty, AnswersAreThoseComputedRowByRow) {
  SKEP_OPEN_TEST_STORE(store);
  const size_t seed = Setting("SKEP_PROPERTY_SEED", 20261125);
  const size_t pairs = Setting("SKEP_PROPERTY_PAIRS", kPairs);
  Judge judge(store.get());
  size_t compared = 0;
  size_t ambiguous_count = 0;
  size_t failures = 0;
  uint32_t traces = 1;
  for (size_t round = 0; compared < pairs && failures < 5; ++round) {
    Dice dice(seed + round);
    std::vector<Row> rows = naive::RowMaker(&dice, traces).Make(10 + dice.Below(50));
    traces += 100;
    const World world = judge.NewWorld(rows);
    for (size_t i = 0; i < kQuestionsPerWorld && compared < pairs && failures < 5; ++i) {
      QueryRequest request;
      request.spec = naive::SpecMaker(&dice).Make();
      request.dataset = dice.OneIn(3) ? "shop" : std::string(kAllDatasets);
      request.series = !dice.OneIn(4);
      request.total = !dice.OneIn(5);
      request.other = !dice.OneIn(5);
      const bool knows_types = dice.OneIn(2);
      bool ambiguous = false;
      const std::string difference = judge.Ask(world, request, knows_types, &ambiguous);
      if (ambiguous) {
        ++ambiguous_count;
        continue;
      }
      ++compared;
      if (difference.empty()) continue;
      ++failures;
      const std::string asked = RenderQuerySpec(request.spec);
      std::vector<Row> left = rows;
      Shrinker(&judge, knows_types).Shrink(&request, &left);
      const std::string shrunk = judge.Ask(judge.NewWorld(left), request, knows_types, &ambiguous);
      std::string text;
      for (const Row& row : left) text += Spelled(row);
      ADD_FAILURE() << "seed " << seed + round << " (question " << i << "): " << difference
                    << "\nasked " << asked << "\nshrunk to " << RenderQuerySpec(request.spec)
                    << "\nof " << request.dataset << (knows_types ? ", types known" : "")
                    << (request.series ? "" : ", no series") << "\nover\n"
                    << text << shrunk;
    }
  }
  // The rest was as good as undecided; it must stay rare.
  EXPECT_LT(ambiguous_count, pairs / 20 + 10);
}

}  // namespace
}  // namespace skep
