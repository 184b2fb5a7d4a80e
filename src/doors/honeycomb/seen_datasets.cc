// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/seen_datasets.h"

#include <algorithm>

#include "doors/honeycomb/datasets.h"

namespace skep::honeycomb {

SeenDatasets SeenIn(const fields::Catalogue* catalogue, std::string_view project) {
  SeenDatasets all;
  if (catalogue == nullptr) return all;
  for (const fields::DatasetInfo& info : catalogue->Datasets(project)) {
    if (info.name.empty()) continue;
    SeenDataset& seen = all[SlugOf(info.name)];
    if (seen.name.empty() || info.first_seen_ns < seen.first_ns) {
      seen.name = info.name;
      seen.first_ns = info.first_seen_ns;
    }
    seen.rows += info.rows;
    seen.columns += info.fields;
    seen.last_ns = std::max(seen.last_ns, info.last_seen_ns);
  }
  return all;
}

}  // namespace skep::honeycomb
