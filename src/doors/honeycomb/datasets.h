// SPDX-License-Identifier: Apache-2.0
// Datasets: which datasets there are and how each is spelled. A dataset is its slug: names that
// differ in case or in how words are joined are one, and the spelling that came first is shown. One
// that nobody has made yet is made by its first event, as a document of kind kDataset whose name is
// the slug and whose body has what Honeycomb's API says of it, as far as somebody has set it:
// {"name":…,"slug":…,"expand_json_depth":…}. Events ask for one for each request, so that known
// ones are remembered here: who changes or deletes a document calls Forget. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/guarded.h"
#include "base/result.h"
#include "catalog/documents.h"

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

  explicit Datasets(Documents* documents) : documents_(documents) {}

  // The dataset that a request names, made if it is new. kInvalidArgument: not a name;
  // kResourceExhausted: there are too many.
  Result<Dataset> ForWriting(const std::string& project, std::string_view name);
  // Its document was changed or deleted.
  void Forget(const std::string& project, std::string_view slug);

 private:
  struct Known {
    std::map<std::pair<std::string, std::string>, Dataset> datasets;  // by project and slug
    uint64_t forgotten = 0;  // how often something was: what was read before is not kept after it
  };

  Result<Dataset> Load(const std::string& project, const std::string& slug, std::string_view name);

  Documents* const documents_;
  Guarded<Known> known_;
};

}  // namespace skep::honeycomb
