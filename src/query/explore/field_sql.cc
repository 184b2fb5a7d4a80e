// SPDX-License-Identifier: Apache-2.0
#include "query/explore/field_sql.h"

#include <algorithm>

#include "query/explore/known_fields.h"

namespace skep {
namespace {

class EveryType : public FieldTypes {
 public:
  TypeSet TypesOf(std::string_view, std::string_view) const override { return TypeSet::All(); }
  bool MayBeSampled(std::string_view) const override { return true; }
};

SqlText NullOf(Reading reading) {
  switch (reading) {
    case Reading::kText:
      return "CAST(NULL, 'Nullable(String)')";
    case Reading::kNumber:
      return "CAST(NULL, 'Nullable(Float64)')";
    case Reading::kTruth:
      return "CAST(NULL, 'Nullable(Bool)')";
  }
  return "NULL";
}

SqlText NullOf(ValueType type) {
  switch (type) {
    case ValueType::kInt64:
      return "CAST(NULL, 'Nullable(Int64)')";
    case ValueType::kFloat64:
      return NullOf(Reading::kNumber);
    case ValueType::kBool:
      return NullOf(Reading::kTruth);
    case ValueType::kString:
      return NullOf(Reading::kText);
  }
  return "NULL";
}

// What a value of one type is in a reading. `value` writes the value; it may be called twice.
template <typename F>
void AppendReading(ValueType type, Reading reading, const F& value, SqlWriter* sql) {
  const auto wrapped = [&](SqlText before, SqlText after) {
    sql->Sql(before);
    value();
    sql->Sql(after);
  };
  const bool is_text = type == ValueType::kString;
  switch (reading) {
    case Reading::kText:
      return is_text ? value() : wrapped("toString(", ")");
    case Reading::kNumber:
      if (type == ValueType::kInt64 || type == ValueType::kBool) return wrapped("toFloat64(", ")");
      // Neither text nor a float of a client need be finite.
      wrapped(is_text ? SqlText("if(isFinite(toFloat64OrNull(") : SqlText("if(isFinite("),
              is_text ? SqlText(")), toFloat64OrNull(") : SqlText("), "));
      return wrapped("", is_text ? SqlText("), NULL)") : SqlText(", NULL)"));
    case Reading::kTruth:
      if (type == ValueType::kBool) return value();
      return is_text ? wrapped("(", " = 'true')") : wrapped("(", " != 0)");
  }
}

// The first of the types' values that is there; a row has one at most.
template <typename F>
void AppendFirst(TypeSet types, const F& append, SqlWriter* sql) {
  int count = 0;
  for (const ValueType type : kEveryType) count += types.Has(type) ? 1 : 0;
  if (count > 1) sql->Sql("coalesce(");
  bool first = true;
  for (const ValueType type : kEveryType) {
    if (!types.Has(type)) continue;
    if (!first) sql->Sql(", ");
    first = false;
    append(type);
  }
  if (count > 1) sql->Sql(")");
}

bool IsOne(TypeSet types) {
  for (const ValueType type : kEveryType)
    if (types.Is(type)) return true;
  return false;
}

void AppendAttribute(std::string_view name, TypeSet types, Reading reading, SqlWriter* sql) {
  if (types.IsEmpty()) {
    sql->Sql(NullOf(reading));
    return;
  }
  // One subcolumn with all types in it is read faster than one for each.
  if (reading == Reading::kText && !IsOne(types)) {
    sql->Sql("CAST(").Attribute(name).Sql(", 'Nullable(String)')");
    return;
  }
  AppendFirst(
      types,
      [&](ValueType type) {
        AppendReading(type, reading, [&] { sql->Attribute(name, type); }, sql);
      },
      sql);
}

void AppendColumn(const KnownField& field, Reading reading, SqlWriter* sql) {
  if (reading != Reading::kText && !field.number.view().empty()) {
    sql->Sql(field.number);
    if (reading == Reading::kTruth) sql->Sql(" != 0");
    return;
  }
  // A column's numbers are finite.
  if (reading == Reading::kNumber && field.type == ValueType::kFloat64) {
    sql->Sql(field.sql);
    return;
  }
  AppendReading(field.type, reading, [&] { sql->Sql(field.sql); }, sql);
}

}  // namespace

const FieldTypes& FieldTypes::All() {
  static const EveryType every_type;
  return every_type;
}

const std::vector<std::string_view>& Fields::KnownNames() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const KnownField& field : KnownFields()) all.push_back(field.name);
    return all;
  }();
  return names;
}

// Of the attribute that may stand in for a known column; empty where none does.
TypeSet Fields::OwnTypes(const KnownField& field) const {
  return field.may_be_attribute ? types_->TypesOf(dataset_, field.name) : TypeSet();
}

TypeSet Fields::TypesOf(std::string_view name) const {
  if (const auto defined = defined_.find(name); defined != defined_.end())
    return defined->second->Types();
  if (const KnownField* known = FindKnownField(name)) return OwnTypes(*known) | known->type;
  return types_->TypesOf(dataset_, name);
}

uint64_t Fields::DistinctOf(std::string_view name) const {
  if (defined_.contains(name)) return 0;
  if (const KnownField* known = FindKnownField(name)) return known->many_values ? kManyValues : 0;
  return std::min(types_->DistinctOf(dataset_, name), kManyValues);
}

void Fields::Append(std::string_view name, Reading reading, SqlWriter* sql) const {
  if (const auto defined = defined_.find(name); defined != defined_.end()) {
    const DefinedField& field = *defined->second;
    const TypeSet types = field.Types();
    if (types.IsEmpty()) {
      sql->Sql(NullOf(reading));
      return;
    }
    AppendFirst(
        types,
        [&](ValueType type) {
          AppendReading(type, reading, [&] { field.AppendTyped(type, sql); }, sql);
        },
        sql);
    return;
  }
  const KnownField* known = FindKnownField(name);
  if (known == nullptr) return AppendAttribute(name, types_->TypesOf(dataset_, name), reading, sql);
  const TypeSet own = OwnTypes(*known);
  if (own.IsEmpty()) return AppendColumn(*known, reading, sql);
  // Text that is no number hides the column's number all the same, so presence decides.
  sql->Sql("if(door = 'honeycomb' AND ");
  AppendAttributeExists(name, own, sql);
  sql->Sql(", ");
  AppendAttribute(name, own, reading, sql);
  sql->Sql(", ");
  AppendColumn(*known, reading, sql);
  sql->Sql(")");
}

void Fields::AppendTyped(std::string_view name, ValueType type, SqlWriter* sql) const {
  if (!TypesOf(name).Has(type)) {
    sql->Sql(NullOf(type));
    return;
  }
  if (const auto defined = defined_.find(name); defined != defined_.end())
    return defined->second->AppendTyped(type, sql);
  const KnownField* known = FindKnownField(name);
  if (known == nullptr) {
    sql->Attribute(name, type);
    return;
  }
  const TypeSet own = OwnTypes(*known);
  if (own.IsEmpty()) {
    sql->Sql(known->sql);
    return;
  }
  sql->Sql("if(door = 'honeycomb' AND ");
  AppendAttributeExists(name, own, sql);
  sql->Sql(", ");
  if (own.Has(type))
    sql->Attribute(name, type);
  else
    sql->Sql(NullOf(type));
  sql->Sql(", ").Sql(known->type == type ? known->sql : NullOf(type)).Sql(")");
}

void Fields::AppendAttributeExists(std::string_view name, TypeSet types, SqlWriter* sql) {
  sql->Sql("(");
  if (IsOne(types)) {
    for (const ValueType type : kEveryType)
      if (types.Is(type)) sql->Attribute(name, type);
  } else {
    sql->Attribute(name);
  }
  sql->Sql(" IS NOT NULL)");
}

void Fields::AppendExists(std::string_view name, SqlWriter* sql) const {
  const bool is_defined = defined_.contains(name);
  const KnownField* known = is_defined ? nullptr : FindKnownField(name);
  if (known != nullptr && OwnTypes(*known).IsEmpty()) {
    sql->Sql("(").Sql(known->exists).Sql(")");
    return;
  }
  if (!is_defined && known == nullptr) {
    const TypeSet types = types_->TypesOf(dataset_, name);
    if (types.IsEmpty()) {
      sql->Sql("false");
      return;
    }
    return AppendAttributeExists(name, types, sql);
  }
  sql->Sql("(");
  Append(name, Reading::kText, sql);
  sql->Sql(" IS NOT NULL)");
}

// None where attributes may stand in for it: these can be any text.
std::span<const KnownWord> Fields::WordsOf(std::string_view name) const {
  if (defined_.contains(name)) return {};
  const KnownField* known = FindKnownField(name);
  if (known == nullptr || !OwnTypes(*known).IsEmpty()) return {};
  return known->words;
}

void Fields::AppendIsWord(std::string_view name, std::string_view text, SqlWriter* sql) const {
  const std::span<const KnownWord> words = WordsOf(name);
  const auto word = std::find_if(words.begin(), words.end(),
                                 [&](const KnownWord& each) { return each.text == text; });
  sql->Sql(word == words.end() ? SqlText("false") : word->condition);
}

RelatedName SplitRelation(std::string_view column) {
  constexpr std::pair<std::string_view, Relation> kPrefixes[] = {
      {"root.", Relation::kRoot}, {"parent.", Relation::kParent}, {"child.", Relation::kChild},
      {"any.", Relation::kAny},   {"any2.", Relation::kAny2},     {"any3.", Relation::kAny3},
      {"none.", Relation::kNone}};
  for (const auto& [prefix, relation] : kPrefixes)
    if (column.size() > prefix.size() && column.starts_with(prefix))
      return {relation, column.substr(prefix.size())};
  return {Relation::kSelf, column};
}

}  // namespace skep
