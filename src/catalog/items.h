// SPDX-License-Identifier: Apache-2.0
// Items: the error items in the catalog: counted after the commit of their occurrences, listed for
// the page and the doors. How an occurrence changes an item (states, reactivation) is
// errors/item_state.h and handed in. Thread-safe; changes of an item are serial because the
// database is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "catalog/item.h"

namespace skep {

struct ItemFilter {
  std::string project = "default";
  std::vector<ItemStatus> statuses{};       // empty: any
  std::vector<std::string> environments{};  // empty: any
  ItemLevel level_min = ItemLevel::kDebug;
  std::string title_contains{};         // without regard to ASCII case; empty: any
  int64_t last_occurrence_from_ns = 0;  // inclusive
};

enum class ItemOrder { kLastOccurrence, kFirstOccurrence, kOccurrences, kLevel };

// Newest, most frequent or most severe first.
struct ItemPaging {
  size_t limit = 100;  // at most Items::kPageMax
  size_t offset = 0;
  ItemOrder order = ItemOrder::kLastOccurrence;
};

struct ItemPage {
  std::vector<Item> items;
  size_t total = 0;  // that match the filter, all pages together
};

// Occurrences of one acknowledged request.
struct ItemBatch {
  uint64_t sequence = 0;
  std::vector<ItemOccurrence> occurrences;
};

// Changes `item` by one occurrence; `item` is as the occurrence before left it, with
// total_occurrences 0 if new. Pure.
using ItemTransition = std::function<void(Item& item, const ItemOccurrence& occurrence)>;

class Items {
 public:
  static constexpr size_t kPageMax = 1000;
  static constexpr int64_t kPeopleMax = 10'000;  // per item; more are not told apart
  static constexpr size_t kTitleBytesMax = 255;

  // The database must outlive it.
  explicit Items(Database* database) : database_(database) {}

  Result<ItemPage> ListItems(const ItemFilter& filter, const ItemPaging& paging) const;
  // kNotFound.
  Result<Item> GetItem(uint64_t id) const;
  Result<Item> GetItemByCounter(const std::string& project, int64_t counter) const;

  // Counts the occurrences, all batches in one transaction. Batches come in order of sequence; one
  // that was applied before (a replay) changes nothing.
  Status Apply(const std::vector<ItemBatch>& batches, const ItemTransition& transition);
  // Changes one item by hand, for instance its status; returns it as it is then. An error of
  // `change` leaves it as it was.
  Result<Item> Modify(uint64_t id, const std::function<Status(Item&)>& change);

 private:
  Database* database_;
};

}  // namespace skep
