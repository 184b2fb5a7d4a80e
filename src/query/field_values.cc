// SPDX-License-Identifier: Apache-2.0
#include "query/field_values.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <unordered_map>

#include "base/ascii.h"
#include "query/entry_fields.h"

namespace skep {
namespace {

constexpr size_t kFieldsMax = 200;
constexpr size_t kValuesMax = 10;
constexpr size_t kValueBytesMax = 200;
// Values of one field that are told apart; of a field with more (ids, times) the first ones count.
constexpr size_t kDistinctMax = 500;

constexpr std::array<std::string_view, 8> kOwnFields = {"service",     "route", "method", "status",
                                                        "duration_ms", "error", "user",   "door"};

bool ContainsIgnoringCase(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return ToLower(a) == ToLower(b); }) != text.end();
}

struct Tally {
  std::array<uint64_t, kDoorNames.size() + 1> doors{};
  uint64_t count = 0;
  std::unordered_map<std::string, uint64_t> values;
};

class FieldCounter {
 public:
  explicit FieldCounter(std::string_view contains) : contains_(contains) {}

  void Add(const EventRow& entry) {
    const AttributeSet attributes(entry.attributes);
    const EntryFields fields = FieldsOfEntry(entry, attributes);
    Count(entry, "service", entry.dataset);
    Count(entry, "route", fields.route);
    Count(entry, "method", fields.method);
    if (fields.status_code != 0) Count(entry, "status", std::to_string(fields.status_code));
    Count(entry, "error", fields.error ? "true" : "false");
    Count(entry, "user", fields.user);
    Count(entry, "door", std::string(NameOf(entry.door)));
    if (ContainsIgnoringCase("duration_ms", contains_)) tallies_["duration_ms"].count++;
    for (const auto& [name, value] : attributes.entries())
      if (!IsOwn(name)) Count(entry, name, attributes.Text(name));
  }

  std::vector<Field> Take() const {
    std::vector<Field> fields;
    for (const auto& [name, tally] : tallies_) fields.push_back(FieldOf(name, tally));
    std::sort(fields.begin(), fields.end(), [](const Field& a, const Field& b) {
      return std::tuple(!IsOwn(a.name), b.count, std::string_view(a.name)) <
             std::tuple(!IsOwn(b.name), a.count, std::string_view(b.name));
    });
    if (fields.size() > kFieldsMax) fields.resize(kFieldsMax);
    return fields;
  }

 private:
  static bool IsOwn(std::string_view name) {
    return std::find(kOwnFields.begin(), kOwnFields.end(), name) != kOwnFields.end();
  }

  void Count(const EventRow& entry, std::string_view name, std::string value) {
    if (value.empty() || !ContainsIgnoringCase(name, contains_)) return;
    Tally& tally = tallies_[std::string(name)];
    ++tally.count;
    ++tally.doors[static_cast<size_t>(entry.door)];
    if (value.size() > kValueBytesMax) return;
    const auto known = tally.values.find(value);
    if (known != tally.values.end()) {
      ++known->second;
    } else if (tally.values.size() < kDistinctMax) {
      tally.values.emplace(std::move(value), 1);
    }
  }

  static Field FieldOf(const std::string& name, const Tally& tally) {
    Field field;
    field.name = name;
    field.count = tally.count;
    const auto most = std::max_element(tally.doors.begin() + 1, tally.doors.end());
    field.door = static_cast<Door>(most - tally.doors.begin());
    for (const auto& [value, count] : tally.values) field.values.push_back({value, count});
    std::sort(field.values.begin(), field.values.end(),
              [](const FieldValue& a, const FieldValue& b) {
                return std::tie(b.count, a.value) < std::tie(a.count, b.value);
              });
    if (field.values.size() > kValuesMax) field.values.resize(kValuesMax);
    return field;
  }

  std::string_view contains_;
  std::map<std::string, Tally> tallies_;
};

}  // namespace

Statement PlanFieldSample(std::string_view project, const TimeRange& range) {
  SqlWriter sql;
  sql.Sql("SELECT ");
  AppendEventColumns(RowDetail::kEntry, &sql);
  sql.Sql(" FROM events WHERE ");
  AppendProjectAndTime(project, range, &sql);
  sql.Sql(" AND ");
  AppendMayBeEntry(&sql);
  sql.Sql(" ORDER BY time DESC LIMIT 2000");
  return sql.Take();
}

std::vector<Field> CountFields(const std::vector<EventRow>& entries, std::string_view contains) {
  FieldCounter counter(contains);
  for (const EventRow& entry : entries) counter.Add(entry);
  return counter.Take();
}

Result<std::vector<Field>> ListFields(Reader& reader, const std::string& project,
                                      const TimeRange& range, std::string_view contains,
                                      const CancelToken& cancel) {
  SKEP_ASSIGN(const ResultTable table, reader.Run(PlanFieldSample(project, range), {}, cancel));
  return CountFields(ReadEventRows(table), contains);
}

}  // namespace skep
