// SPDX-License-Identifier: Apache-2.0
// What is known of datasets from the records that they have, whatever door those came by. Pure over
// the catalogue, and so thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "fields/catalogue.h"

namespace skep::honeycomb {

struct SeenDataset {
  std::string name;  // of the one that came first
  uint64_t rows = 0;
  uint64_t columns = 0;
  int64_t first_ns = 0;
  int64_t last_ns = 0;
};

// By slug. Null: nothing is known.
using SeenDatasets = std::map<std::string, SeenDataset, std::less<>>;
SeenDatasets SeenIn(const fields::Catalogue* catalogue, std::string_view project);

}  // namespace skep::honeycomb
