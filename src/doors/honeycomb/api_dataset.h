// SPDX-License-Identifier: Apache-2.0
// The dataset that a path names, by its slug or any spelling of its name. Pure but for the catalog.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "doors/honeycomb/api_stored.h"

namespace skep::honeycomb {

// Whether a noun has things that span all datasets, under `__all__`.
enum class Span { kOneDataset, kMayBeAll };

// Its name, as documents and records have it, or kAllDatasets. Refuses what is no dataset.
Result<std::string> DatasetNamed(ApiCall* call, const std::string& slug_or_name,
                                 Span span = Span::kMayBeAll);

// The same without a refusal: nothing if there is no such dataset.
Result<std::optional<std::string>> FindDataset(const ApiCall& call, std::string_view slug_or_name);

// Of a path whose first argument is a dataset: where its nouns stand.
Result<Place> DatasetPlace(ApiCall* call);

// The handlers of a noun that stands in a dataset, with its id as the path's second argument.
template <const Noun& kNoun, int kDeletedStatus = 204>
struct InDataset {
  static Status List(ApiCall* call) {
    SKEP_ASSIGN(const Place place, DatasetPlace(call));
    return honeycomb::List(call, kNoun, place);
  }
  static Status Create(ApiCall* call) {
    SKEP_ASSIGN(const Place place, DatasetPlace(call));
    return honeycomb::Create(call, kNoun, place);
  }
  static Status Get(ApiCall* call) {
    SKEP_ASSIGN(const Place place, DatasetPlace(call));
    return honeycomb::Get(call, kNoun, place, call->Argument(1));
  }
  static Status Update(ApiCall* call) {
    SKEP_ASSIGN(const Place place, DatasetPlace(call));
    return honeycomb::Update(call, kNoun, place, call->Argument(1));
  }
  static Status Delete(ApiCall* call) {
    SKEP_ASSIGN(const Place place, DatasetPlace(call));
    return honeycomb::Delete(call, kNoun, place, call->Argument(1), kDeletedStatus);
  }
};

}  // namespace skep::honeycomb
