// SPDX-License-Identifier: Apache-2.0
// Runs tests/golden/explore: query JSON and the SQL behind it, word for word, or all that is wrong
// with it; and each of those statements on the engine.
#include <gtest/gtest.h>

#include <sstream>

#include "query/explore/query_plan.h"
#include "query/explore/run_query.h"
#include "query/explore/spec_json.h"
#include "query/test_golden.h"
#include "query/testing.h"

namespace skep {
namespace {

using golden::CaseFile;

// `types: status=int,text user=text` in a case's head; every other attribute has none. Without the
// line every attribute may have any type.
class CaseTypes : public FieldTypes {
 public:
  explicit CaseTypes(const std::string& text) : all_(text.empty()) {
    std::istringstream words(text);
    for (std::string word; words >> word;) {
      const size_t at = word.find('=');
      TypeSet& types = types_[word.substr(0, at)];
      const std::string of = word.substr(at + 1);
      if (of.find("int") != std::string::npos) types |= ValueType::kInt64;
      if (of.find("float") != std::string::npos) types |= ValueType::kFloat64;
      if (of.find("bool") != std::string::npos) types |= ValueType::kBool;
      if (of.find("text") != std::string::npos) types |= ValueType::kString;
    }
  }
  TypeSet TypesOf(std::string_view, std::string_view name) const override {
    if (all_) return TypeSet::All();
    const auto found = types_.find(name);
    return found == types_.end() ? TypeSet() : found->second;
  }
  bool MayBeSampled(std::string_view) const override { return true; }

 private:
  const bool all_;
  std::map<std::string, TypeSet, std::less<>> types_;
};

Error Spell(const SpecErrors& errors) {
  std::string text;
  for (const SpecError& error : errors) {
    if (!text.empty()) text += '\n';
    text += error.field + " " + std::string(NameOf(error.code)) + " " + error.description;
    if (error.position) text += " @" + std::to_string(*error.position);
  }
  return {Code::kInvalidArgument, text};
}

Result<Statement> Plan(const CaseFile& file) {
  SpecErrors errors;
  const golden::Section* query = file.Find("query");
  if (query == nullptr) return Error(Code::kUnimplemented, "a case has a query");
  auto spec = ParseQuerySpec(query->text, &errors);
  if (!spec) return Spell(errors);
  QueryRequest request;
  request.spec = std::move(*spec);
  request.dataset = file.Key("dataset", kAllDatasets);
  request.now_ns = testing::kTestTimeNs;
  request.series = file.Key("series") != "no";
  request.total = file.Key("total") != "no";
  request.other = file.Key("other") != "no";
  const CaseTypes types(file.Key("types"));
  errors = CheckQuery(request, types);
  if (!errors.empty()) return Spell(errors);
  return StatementOf(request, types, file.Key("sampled") == "yes",
                     file.Key("looks") == "twice" ? Looks::kTwice : Looks::kOnce);
}

SKEP_GOLDEN_STATEMENTS(Explore, "explore", Plan, testing::Spell);

}  // namespace
}  // namespace skep
