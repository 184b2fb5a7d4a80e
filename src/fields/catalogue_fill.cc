// SPDX-License-Identifier: Apache-2.0
#include "fields/catalogue_fill.h"

#include <map>
#include <utility>
#include <vector>

#include "base/log.h"
#include "query/field_scan.h"

namespace skep::fields {
namespace {

std::vector<ScannedDataset> Gather(const FieldScan& scan) {
  using Name = std::pair<std::string, std::string>;
  std::map<Name, std::pair<DatasetInfo, std::map<std::string, FieldInfo>>> found;
  for (const ScannedRows& rows : scan.datasets) {
    DatasetInfo& dataset = found[{rows.project, rows.dataset}].first;
    dataset.rows = rows.rows;
    dataset.sampled = rows.sampled;
    dataset.first_seen_ns = rows.first_ingest_ns;
    dataset.last_seen_ns = rows.last_ingest_ns;
  }
  for (const ScannedField& scanned : scan.fields) {
    FieldInfo& field = found[{scanned.project, scanned.dataset}].second[scanned.name];
    field.name = scanned.name;
    field.types |= scanned.type;
    field.counts[static_cast<size_t>(scanned.type)] += scanned.rows;
    if (field.first_seen_ns == 0 || scanned.first_ingest_ns < field.first_seen_ns)
      field.first_seen_ns = scanned.first_ingest_ns;
    field.last_seen_ns = std::max(field.last_seen_ns, scanned.last_ingest_ns);
  }
  std::vector<ScannedDataset> datasets;
  for (auto& [name, content] : found) {
    ScannedDataset& dataset = datasets.emplace_back();
    dataset.project = name.first;
    dataset.dataset = std::move(content.first);
    dataset.dataset.name = name.second;
    for (auto& [field_name, field] : content.second) dataset.fields.push_back(std::move(field));
  }
  return datasets;
}

}  // namespace

void CatalogueFill::Start(int64_t before_ns) {
  thread_ = std::jthread([this, before_ns] {
    Log(LogLevel::kInfo, "fields", "reading the fields of what is stored");
    const Status done = Run(before_ns, cancel_);
    if (!done && !cancel_.cancelled()) LogError("fields", done.error());
  });
}

void CatalogueFill::Stop() {
  cancel_.Cancel();
  if (thread_.joinable()) thread_.join();
}

Status CatalogueFill::Run(int64_t before_ns, const CancelToken& cancel) {
  SKEP_ASSIGN(const FieldScan scan, ScanFields(*reader_, before_ns, cancel));
  catalogue_->Fill(Gather(scan));
  return {};
}

}  // namespace skep::fields
