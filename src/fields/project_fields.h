// SPDX-License-Identifier: Apache-2.0
// ProjectFields: one project's part of the catalogue, as query plans and BubbleUp ask for it.
// Thread-safe.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fields/catalogue.h"
#include "query/bubbleup/field_list.h"
#include "query/explore/field_sql.h"

namespace skep::fields {

class ProjectFields final : public FieldTypes, public FieldList {
 public:
  // `catalogue` must outlive it.
  ProjectFields(const Catalogue* catalogue, std::string project)
      : catalogue_(catalogue), project_(std::move(project)) {}

  TypeSet TypesOf(std::string_view dataset, std::string_view attribute) const override {
    return catalogue_->TypesOf(project_, dataset, attribute);
  }
  bool MayBeSampled(std::string_view dataset) const override {
    return catalogue_->MayBeSampled(project_, dataset);
  }
  uint64_t DistinctOf(std::string_view dataset, std::string_view attribute) const override {
    const auto field = catalogue_->Find(project_, dataset, attribute);
    if (!field) return 0;
    return field->NearUnique() ? Fields::kManyValues : field->distinct;
  }
  std::vector<ListedField> List(std::string_view dataset) const override {
    std::vector<ListedField> listed;
    for (FieldInfo& field : catalogue_->List(project_, dataset))
      listed.push_back(
          {std::move(field.name), field.types, field.rows(), field.sampled, field.distinct});
    return listed;
  }
  bool IsComplete(std::string_view dataset) const override {
    return catalogue_->HasAll(project_, dataset);
  }

 private:
  const Catalogue* catalogue_;
  std::string project_;
};

}  // namespace skep::fields
