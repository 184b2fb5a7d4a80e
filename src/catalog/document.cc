// SPDX-License-Identifier: Apache-2.0
#include "catalog/document.h"

#include <random>

#include "base/check.h"

namespace skep {

std::string_view NameOf(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::kQuery:
      return "query";
    case DocumentKind::kQueryResult:
      return "query_result";
    case DocumentKind::kQueryRun:
      return "query_run";
    case DocumentKind::kQueryAnnotation:
      return "query_annotation";
    case DocumentKind::kBoard:
      return "board";
    case DocumentKind::kBoardView:
      return "board_view";
    case DocumentKind::kMarker:
      return "marker";
    case DocumentKind::kMarkerSetting:
      return "marker_setting";
    case DocumentKind::kDerivedColumn:
      return "derived_column";
    case DocumentKind::kColumn:
      return "column";
    case DocumentKind::kDataset:
      return "dataset";
    case DocumentKind::kDatasetDefinition:
      return "dataset_definition";
    case DocumentKind::kTrigger:
      return "trigger";
    case DocumentKind::kSlo:
      return "slo";
    case DocumentKind::kBurnAlert:
      return "burn_alert";
    case DocumentKind::kRecipient:
      return "recipient";
    case DocumentKind::kEnvironment:
      return "environment";
    case DocumentKind::kApiKey:
      return "api_key";
  }
  SKEP_CHECK(false);
  return {};
}

std::string NewDocumentId() {
  static constexpr std::string_view kDigits =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  std::random_device device;
  std::uniform_int_distribution<size_t> digit(0, kDigits.size() - 1);
  std::string id(11, '0');
  for (char& character : id) character = kDigits[digit(device)];
  return id;
}

}  // namespace skep
