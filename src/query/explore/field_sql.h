// SPDX-License-Identifier: Apache-2.0
// Fields: turns the names that users write into SQL over `events`, in one place for filters,
// breakdowns, calculations, expressions and BubbleUp. One field may hold whole numbers, fractions,
// bools and text in different rows; each reading says what such a value is. Known names are
// columns, every other name is an attribute; names defined by Define (calculated fields) go before
// both. Values; const use is thread-safe.
//
//   Fields fields("shop", &FieldTypes::All());
//   fields.Append("duration_ms", Reading::kNumber, &sql);
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/query_spec.h"
#include "model/value.h"
#include "query/expression/type_set.h"
#include "query/sql_writer.h"

namespace skep {

struct KnownField;
struct KnownWord;

enum class Reading : uint8_t {
  // Nullable(String): the canonical text. 200, 200.0 and "200" are one text, true and "true" are.
  kText,
  // Nullable(Float64): numbers as they are, bools as 1 and 0, text that is a number parsed; else
  // null. A NaN or an infinity is null.
  kNumber,
  // Nullable(Bool), never null for a value that is there: true, numbers other than 0, and the text
  // "true".
  kTruth,
};

// What is known of fields without looking at the rows; a plan then reads only what can be there.
// Must never leave out a type that a visible row has. Implemented by the catalogue of fields.
// Thread-safe.
class FieldTypes {
 public:
  virtual ~FieldTypes() = default;
  // `dataset` is a name or kAllDatasets. Empty: no row has this attribute.
  virtual TypeSet TypesOf(std::string_view dataset, std::string_view attribute) const = 0;
  // False: every row of this dataset has sample rate 1.
  virtual bool MayBeSampled(std::string_view dataset) const = 0;
  // Roughly how many values it was seen with; 0: not known.
  virtual uint64_t DistinctOf(std::string_view, std::string_view) const { return 0; }

  // Knows nothing, so that everything is possible.
  static const FieldTypes& All();
};

// A name defined by an expression.
class DefinedField {
 public:
  virtual ~DefinedField() = default;
  virtual TypeSet Types() const = 0;
  // Nullable(T): its value where it has this type, else null. Only called for types of Types().
  virtual void AppendTyped(ValueType type, SqlWriter* sql) const = 0;
};

class Fields {
 public:
  // `dataset`: whose types count; kAllDatasets where other spans of a trace are looked at too.
  // `types` must outlive it.
  Fields(std::string dataset, const FieldTypes* types)
      : dataset_(std::move(dataset)), types_(types) {}

  const std::string& dataset() const { return dataset_; }
  const FieldTypes& types() const { return *types_; }

  // From now on `name` means this.
  void Define(std::string name, std::shared_ptr<const DefinedField> field) {
    defined_[std::move(name)] = std::move(field);
  }

  // Which types its values can have.
  TypeSet TypesOf(std::string_view name) const;
  // Roughly how many values it has, kManyValues at most; 0: not known.
  uint64_t DistinctOf(std::string_view name) const;
  static constexpr uint64_t kManyValues = 1'000'000;
  void Append(std::string_view name, Reading reading, SqlWriter* sql) const;
  // Nullable(T): the value in rows where it has just this type, else null.
  void AppendTyped(std::string_view name, ValueType type, SqlWriter* sql) const;
  // A condition, never null: the row has the field.
  void AppendExists(std::string_view name, SqlWriter* sql) const;
  // Whether its texts are known beforehand, a few words. A row's is compared by number then:
  // AppendIsWord is a condition, never null.
  bool HasWords(std::string_view name) const { return !WordsOf(name).empty(); }
  void AppendIsWord(std::string_view name, std::string_view text, SqlWriter* sql) const;

  // The names that are columns, in the order in which a page shows them.
  static const std::vector<std::string_view>& KnownNames();

 private:
  TypeSet OwnTypes(const KnownField& field) const;
  std::span<const KnownWord> WordsOf(std::string_view name) const;
  static void AppendAttributeExists(std::string_view name, TypeSet types, SqlWriter* sql);

  std::string dataset_;
  const FieldTypes* types_;
  std::map<std::string, std::shared_ptr<const DefinedField>, std::less<>>
      defined_;  // shared: specs
};

// A column's relational prefix, and the name behind it.
enum class Relation : uint8_t { kSelf, kRoot, kParent, kChild, kAny, kAny2, kAny3, kNone };
struct RelatedName {
  Relation relation = Relation::kSelf;
  std::string_view name;
};
RelatedName SplitRelation(std::string_view column);

}  // namespace skep
