// SPDX-License-Identifier: Apache-2.0
// ProjectFields: one project's part of the catalogue, as query plans ask for it. Thread-safe.
#pragma once

#include <string>
#include <utility>

#include "fields/catalogue.h"
#include "query/explore/field_sql.h"

namespace skep::fields {

class ProjectFields final : public FieldTypes {
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

 private:
  const Catalogue* catalogue_;
  std::string project_;
};

}  // namespace skep::fields
