// SPDX-License-Identifier: Apache-2.0
// Datasets: which datasets there are and how each is spelled. A dataset is its slug: names that
// differ in case or in how words are joined are one, and the spelling that came first is shown, by
// whatever door. One that nobody has made yet is made by its first event, as a document of kind
// kDataset whose name is the slug and whose body has what Honeycomb's API says of it, as far as
// somebody has set it:
// {"name":…,"slug":…,"expand_json_depth":…}. Events ask for one for each request, so that known
// ones are remembered here: who changes or deletes a document calls Forget. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/guarded.h"
#include "base/result.h"
#include "catalog/documents.h"
#include "fields/catalogue.h"

namespace skep::honeycomb {

// `My Data/Set` is my-data-set: small letters, digits, `-`, `_`, `.` and what is not ASCII stay,
// everything else is a `-`.
std::string SlugOf(std::string_view name);

struct Dataset {
  std::string name;              // as first written
  size_t expand_json_depth = 0;  // how deep nested objects become columns of their own
};

class Datasets {
 public:
  static constexpr size_t kNameBytesMax = 255;

  // Both must outlive it. `catalogue` knows the datasets of other doors; null: there are none.
  explicit Datasets(Documents* documents, const fields::Catalogue* catalogue = nullptr)
      : documents_(documents), catalogue_(catalogue) {}

  // The dataset that a request names, made if it is new and `may_create`. kInvalidArgument: not a
  // name; kNotFound: new, and not to be made; kResourceExhausted: there are too many.
  Result<Dataset> ForWriting(const std::string& project, std::string_view name,
                             bool may_create = true);
  // Whether there is one of that name: made by somebody, or with records of any door.
  Result<bool> Exists(const std::string& project, std::string_view name);
  // Its document was changed or deleted.
  void Forget(const std::string& project, std::string_view slug);

 private:
  using Key = std::pair<std::string, std::string>;  // project and slug
  struct Known {
    std::map<Key, Dataset> datasets;
    std::set<Key> existing;  // those that Exists has found
    uint64_t forgotten = 0;  // how often something was: what was read before is not kept after it
  };

  Result<Dataset> Load(const Key& key, std::string_view name, bool may_create);

  Documents* const documents_;
  const fields::Catalogue* const catalogue_;
  Guarded<Known> known_;
};

}  // namespace skep::honeycomb
