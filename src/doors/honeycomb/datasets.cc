// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/datasets.h"

#include <algorithm>

#include "base/ascii.h"
#include "doors/honeycomb/seen_datasets.h"
#include "wire/json.h"
#include "wire/utf8.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kExpandDepthMax = 10;

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool IsName(std::string_view name) {
  if (name.empty() || name.size() > Datasets::kNameBytesMax) return false;
  while (!name.empty()) {
    const auto c = static_cast<uint8_t>(name.front());
    const size_t size = c < 0x20 || c == 0x7F ? 0 : Utf8Length(name);
    if (size == 0) return false;
    name.remove_prefix(size);
  }
  return true;
}

Document NewDocument(const std::string& project, const std::string& slug, std::string_view name) {
  JsonWriter body;
  body.BeginObject();
  body.Field("name", name);
  body.Field("slug", slug);
  body.EndObject();
  Document document;
  document.kind = DocumentKind::kDataset;
  document.project = project;
  document.name = slug;
  document.body = body.Take();
  return document;
}

Result<Dataset> DatasetOf(const Document& document) {
  SKEP_ASSIGN(const JsonDocument body, JsonDocument::Parse(document.body));
  Dataset dataset;
  dataset.name = body.root()["name"].text();
  if (dataset.name.empty()) dataset.name = document.name;
  const int64_t depth = body.root()["expand_json_depth"].int64();
  dataset.expand_json_depth =
      std::min(static_cast<size_t>(std::max<int64_t>(depth, 0)), kExpandDepthMax);
  return dataset;
}

}  // namespace

std::string SlugOf(std::string_view name) {
  std::string slug(Trim(name));
  for (char& c : slug) {
    const bool stays = IsAlnum(c) || c == '-' || c == '_' || c == '.' || (c & 0x80) != 0;
    c = stays ? ToLower(c) : '-';
  }
  return slug;
}

Result<Dataset> Datasets::ForWriting(const std::string& project, std::string_view name,
                                     bool may_create) {
  name = Trim(name);
  if (!IsName(name)) return Error(Code::kInvalidArgument, "Dataset name is not valid.");
  const Key key(project, SlugOf(name));
  Dataset known;
  const uint64_t forgotten = known_.With([&](const Known& all) {
    if (const auto found = all.datasets.find(key); found != all.datasets.end())
      known = found->second;
    return all.forgotten;
  });
  if (!known.name.empty()) return known;
  SKEP_ASSIGN(Dataset dataset, Load(key, name, may_create));
  known_.With([&](Known& all) {
    if (all.forgotten == forgotten) all.datasets.insert_or_assign(key, dataset);
  });
  return dataset;
}

Result<Dataset> Datasets::Load(const Key& key, std::string_view name, bool may_create) {
  const auto& [project, slug] = key;
  auto document = documents_->Find(DocumentKind::kDataset, project, {}, slug);
  if (!document && document.error().code == Code::kNotFound) {
    const SeenDatasets seen = SeenIn(catalogue_, project);
    const auto there = seen.find(slug);
    if (there == seen.end() && !may_create) return Error(Code::kNotFound, "Dataset not found");
    // Other doors take names that are none here.
    if (there != seen.end() && IsName(there->second.name)) name = there->second.name;
    document = documents_->Create(NewDocument(project, slug, name));
    // Another request may have been the first.
    if (!document && document.error().code == Code::kAlreadyExists)
      document = documents_->Find(DocumentKind::kDataset, project, {}, slug);
  }
  if (!document) return Error(std::move(document.error()));
  return DatasetOf(*document);
}

Result<bool> Datasets::Exists(const std::string& project, std::string_view name) {
  const Key key(project, SlugOf(name));
  bool known = false;
  const uint64_t forgotten = known_.With([&](const Known& all) {
    known = all.datasets.contains(key) || all.existing.contains(key);
    return all.forgotten;
  });
  if (known) return true;
  const auto document = documents_->Find(DocumentKind::kDataset, project, {}, key.second);
  if (!document && document.error().code != Code::kNotFound) return document.error();
  if (!document && !SeenIn(catalogue_, project).contains(key.second)) return false;
  known_.With([&](Known& all) {
    if (all.forgotten == forgotten) all.existing.insert(key);
  });
  return true;
}

void Datasets::Forget(const std::string& project, std::string_view slug) {
  known_.With([&](Known& all) {
    ++all.forgotten;
    all.datasets.erase({project, std::string(slug)});
    all.existing.erase({project, std::string(slug)});
  });
}

}  // namespace skep::honeycomb
