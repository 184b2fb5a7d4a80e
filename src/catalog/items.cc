// SPDX-License-Identifier: Apache-2.0
#include "catalog/items.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/ascii.h"

namespace skep {
namespace {

constexpr std::string_view kColumns =
    "id, project, counter, environment, fingerprint, grouping_version, title, level, status, "
    "platform, framework, "
    "language, exception_class, door, first_occurrence_ns, first_occurrence_id, "
    "last_occurrence_ns, "
    "last_occurrence_id, activating_occurrence_id, last_activated_ns, last_resolved_ns, "
    "last_muted_ns, "
    "resolved_in_version, total_occurrences, occurrences_since_resolved, people";

const DbColumns& ColumnTypes() {
  constexpr DbType kInt = DbType::kInt;
  constexpr DbType kText = DbType::kText;
  static const DbColumns types = {kInt,  kText, kInt,  kText, kText, kInt, kText, kInt, kInt,
                                  kText, kText, kText, kText, kInt,  kInt, kInt,  kInt, kInt,
                                  kInt,  kInt,  kInt,  kInt,  kText, kInt, kInt,  kInt};
  return types;
}

Item ReadItem(const DbRow& row) {
  Item item;
  size_t column = 0;
  const auto next = [&] { return column++; };
  item.id = row.UInt(next());
  item.project = row.Text(next());
  item.counter = row.Int(next());
  item.environment = row.Text(next());
  item.fingerprint = row.Text(next());
  item.grouping_version = row.Int(next());
  item.title = row.Text(next());
  item.level = static_cast<ItemLevel>(row.Int(next()));
  item.status = static_cast<ItemStatus>(row.Int(next()));
  item.platform = row.Text(next());
  item.framework = row.Text(next());
  item.language = row.Text(next());
  item.exception_class = row.Text(next());
  item.door = static_cast<Door>(row.Int(next()));
  item.first_occurrence_ns = row.Int(next());
  item.first_occurrence_id = row.UInt(next());
  item.last_occurrence_ns = row.Int(next());
  item.last_occurrence_id = row.UInt(next());
  item.activating_occurrence_id = row.UInt(next());
  item.last_activated_ns = row.Int(next());
  item.last_resolved_ns = row.Int(next());
  item.last_muted_ns = row.Int(next());
  item.resolved_in_version = row.Text(next());
  item.total_occurrences = row.Int(next());
  item.occurrences_since_resolved = row.Int(next());
  item.people = row.Int(next());
  return item;
}

// In the order of kColumns.
DbParams ItemParams(const Item& item) {
  return {DbBits(item.id),
          item.project,
          item.counter,
          item.environment,
          item.fingerprint,
          item.grouping_version,
          item.title,
          static_cast<int64_t>(item.level),
          static_cast<int64_t>(item.status),
          item.platform,
          item.framework,
          item.language,
          item.exception_class,
          static_cast<int64_t>(item.door),
          item.first_occurrence_ns,
          DbBits(item.first_occurrence_id),
          item.last_occurrence_ns,
          DbBits(item.last_occurrence_id),
          DbBits(item.activating_occurrence_id),
          item.last_activated_ns,
          item.last_resolved_ns,
          item.last_muted_ns,
          item.resolved_in_version,
          item.total_occurrences,
          item.occurrences_since_resolved,
          item.people};
}

const std::string& UpsertSql() {
  static const std::string sql = [] {
    std::string places;
    for (size_t i = 0; i < ColumnTypes().size(); ++i)
      places += (i == 0 ? ":p" : ", :p") + std::to_string(i);
    return "INSERT INTO items (" + std::string(kColumns) + ") VALUES (" + places +
           ") ON CONFLICT (id) DO UPDATE SET title = excluded.title, level = excluded.level,"
           " status = excluded.status, first_occurrence_ns = excluded.first_occurrence_ns,"
           " first_occurrence_id = excluded.first_occurrence_id,"
           " last_occurrence_ns = excluded.last_occurrence_ns,"
           " last_occurrence_id = excluded.last_occurrence_id,"
           " activating_occurrence_id = excluded.activating_occurrence_id,"
           " last_activated_ns = excluded.last_activated_ns,"
           " last_resolved_ns = excluded.last_resolved_ns, last_muted_ns = excluded.last_muted_ns,"
           " resolved_in_version = excluded.resolved_in_version,"
           " total_occurrences = excluded.total_occurrences,"
           " occurrences_since_resolved = excluded.occurrences_since_resolved,"
           " people = excluded.people";
  }();
  return sql;
}

Result<std::optional<Item>> FindItem(DbSession& session, uint64_t id) {
  SKEP_ASSIGN(const DbRows rows,
              session.Query("SELECT " + std::string(kColumns) + " FROM items WHERE id = :id",
                            {DbBits(id)}, ColumnTypes()));
  if (rows.empty()) return std::optional<Item>();
  return std::optional<Item>(ReadItem(rows.front()));
}

Result<int64_t> NextCounter(DbSession& session, const std::string& project) {
  SKEP_TRY(
      session.Execute("INSERT INTO item_counters (project, counter) VALUES (:p, 1)"
                      " ON CONFLICT (project) DO UPDATE SET counter = item_counters.counter + 1",
                      {project}));
  SKEP_ASSIGN(const DbRows rows,
              session.Query("SELECT counter FROM item_counters WHERE project = :p", {project},
                            {DbType::kInt}));
  return rows.front().Int(0);
}

// The items that a transaction touches, each read once and written once.
class ItemChanges {
 public:
  explicit ItemChanges(DbSession& session) : session_(session) {}

  Status Add(const ItemOccurrence& occurrence, const ItemTransition& transition) {
    auto found = items_.find(occurrence.item);
    if (found == items_.end()) {
      SKEP_ASSIGN(std::optional<Item> stored, FindItem(session_, occurrence.item));
      if (!stored) {
        SKEP_ASSIGN(stored, NewItem(occurrence));
      }
      found = items_.emplace(occurrence.item, std::move(*stored)).first;
    }
    Item& item = found->second;
    SKEP_TRY(CountPerson(item, occurrence.person));
    transition(item, occurrence);
    return {};
  }

  Status Write() {
    for (const auto& [id, item] : items_) SKEP_TRY(session_.Execute(UpsertSql(), ItemParams(item)));
    return {};
  }

 private:
  Result<std::optional<Item>> NewItem(const ItemOccurrence& occurrence) {
    Item item;
    item.id = occurrence.item;
    item.project = occurrence.project;
    SKEP_ASSIGN(item.counter, NextCounter(session_, occurrence.project));
    item.environment = occurrence.environment;
    item.fingerprint = occurrence.fingerprint;
    item.grouping_version = occurrence.grouping_version;
    item.platform = occurrence.platform;
    item.framework = occurrence.framework;
    item.language = occurrence.language;
    item.exception_class = occurrence.exception_class;
    item.door = occurrence.door;
    return std::optional<Item>(std::move(item));
  }

  Status CountPerson(Item& item, uint64_t person) {
    if (person == 0 || item.people >= Items::kPeopleMax) return {};
    if (!people_.emplace(item.id, person).second) return {};
    SKEP_ASSIGN(const int64_t added,
                session_.Execute("INSERT INTO item_people (item, person) VALUES (:i, :p)"
                                 " ON CONFLICT (item, person) DO NOTHING",
                                 {DbBits(item.id), DbBits(person)}));
    item.people += added;
    return {};
  }

  DbSession& session_;
  std::map<uint64_t, Item> items_;
  std::set<std::pair<uint64_t, uint64_t>> people_;  // counted already: item, person
};

// The filter as SQL with places, and what goes into them.
struct Condition {
  std::string sql = "project = :project";
  DbParams params;

  void And(const std::string& more, DbValue value) {
    sql += " AND " + more;
    params.push_back(std::move(value));
  }
  template <typename T, typename F>
  void AndIn(const std::string& column, const std::vector<T>& values, F&& value_of) {
    if (values.empty()) return;
    std::string places;
    for (const T& value : values) {
      places += (places.empty() ? ":" : ", :") + column + std::to_string(params.size());
      params.push_back(value_of(value));
    }
    sql += " AND " + column + " IN (" + places + ")";
  }
};

std::string LikePattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    // ASCII only, as the other side of the comparison.
    pattern += ToLower(c);
  }
  return pattern + "%";
}

Condition ConditionOf(const ItemFilter& filter) {
  Condition condition;
  condition.params.push_back(filter.project);
  condition.AndIn("status", filter.statuses,
                  [](ItemStatus status) { return DbValue(static_cast<int64_t>(status)); });
  condition.AndIn("environment", filter.environments,
                  [](const std::string& environment) { return DbValue(environment); });
  condition.And("level >= :level_min", static_cast<int64_t>(filter.level_min));
  if (filter.last_occurrence_from_ns != 0)
    condition.And("last_occurrence_ns >= :from_ns", filter.last_occurrence_from_ns);
  if (!filter.title_contains.empty())
    condition.And("lower(title) LIKE :title ESCAPE '\\'", LikePattern(filter.title_contains));
  return condition;
}

std::string_view OrderSql(ItemOrder order) {
  switch (order) {
    case ItemOrder::kFirstOccurrence:
      return "first_occurrence_ns DESC";
    case ItemOrder::kOccurrences:
      return "total_occurrences DESC";
    case ItemOrder::kLevel:
      return "level DESC, last_occurrence_ns DESC";
    case ItemOrder::kLastOccurrence:
      break;
  }
  return "last_occurrence_ns DESC";
}

Error NoSuchItem() { return {Code::kNotFound, "there is no such item"}; }

}  // namespace

Result<ItemPage> Items::ListItems(const ItemFilter& filter, const ItemPaging& paging) const {
  if (paging.limit > kPageMax) {
    return Error(Code::kInvalidArgument,
                 "a page has at most " + std::to_string(kPageMax) + " items");
  }
  Condition condition = ConditionOf(filter);
  ItemPage page;
  SKEP_ASSIGN(const DbRows count,
              database_->Query("SELECT count(*) FROM items WHERE " + condition.sql,
                               condition.params, {DbType::kInt}));
  page.total = count.front().UInt(0);
  condition.params.push_back(static_cast<int64_t>(paging.limit));
  condition.params.push_back(static_cast<int64_t>(paging.offset));
  SKEP_ASSIGN(
      const DbRows rows,
      database_->Query("SELECT " + std::string(kColumns) + " FROM items WHERE " + condition.sql +
                           " ORDER BY " + std::string(OrderSql(paging.order)) +
                           ", counter DESC LIMIT :limit OFFSET :offset",
                       condition.params, ColumnTypes(), kPageMax));
  for (const DbRow& row : rows) page.items.push_back(ReadItem(row));
  return page;
}

Result<Item> Items::GetItem(uint64_t id) const {
  SKEP_ASSIGN(const DbRows rows,
              database_->Query("SELECT " + std::string(kColumns) + " FROM items WHERE id = :id",
                               {DbBits(id)}, ColumnTypes()));
  if (rows.empty()) return NoSuchItem();
  return ReadItem(rows.front());
}

Result<Item> Items::GetItemByCounter(const std::string& project, int64_t counter) const {
  SKEP_ASSIGN(const DbRows rows,
              database_->Query("SELECT " + std::string(kColumns) +
                                   " FROM items WHERE project = :project AND counter = :counter",
                               {project, counter}, ColumnTypes()));
  if (rows.empty()) return NoSuchItem();
  return ReadItem(rows.front());
}

Status Items::Apply(const std::vector<ItemBatch>& batches, const ItemTransition& transition) {
  if (batches.empty()) return {};
  return database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(
        const DbRows progress,
        session.Query("SELECT sequence FROM item_progress WHERE id = 1", {}, {DbType::kInt}));
    uint64_t applied = progress.front().UInt(0);
    ItemChanges changes(session);
    for (const ItemBatch& batch : batches) {
      if (batch.sequence <= applied) continue;
      for (const ItemOccurrence& occurrence : batch.occurrences)
        SKEP_TRY(changes.Add(occurrence, transition));
      applied = batch.sequence;
    }
    SKEP_TRY(changes.Write());
    SKEP_TRY(
        session.Execute("UPDATE item_progress SET sequence = :s WHERE id = 1", {DbBits(applied)}));
    return {};
  });
}

Result<Item> Items::Modify(uint64_t id, const std::function<Status(Item&)>& change) {
  Item changed;
  const Status modified = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(std::optional<Item> found, FindItem(session, id));
    if (!found) return NoSuchItem();
    SKEP_TRY(change(*found));
    SKEP_TRY(session.Execute(UpsertSql(), ItemParams(*found)));
    changed = std::move(*found);
    return {};
  });
  SKEP_TRY(modified);
  return changed;
}

}  // namespace skep
