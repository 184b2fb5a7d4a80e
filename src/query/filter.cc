// SPDX-License-Identifier: Apache-2.0
#include "query/filter.h"

#include <array>
#include <optional>

#include "base/ascii.h"

namespace skep {
namespace {

constexpr size_t kFilterBytesMax = 8192;
constexpr size_t kTermsMax = 32;
constexpr size_t kFieldBytesMax = 1024;

struct OpSpelling {
  std::string_view text;
  FilterOp op;
};
// Longer ones first.
constexpr std::array<OpSpelling, 6> kSigns = {{{"!=", FilterOp::kNotEqual},
                                               {">=", FilterOp::kGreaterEqual},
                                               {"<=", FilterOp::kLessEqual},
                                               {"=", FilterOp::kEqual},
                                               {">", FilterOp::kGreater},
                                               {"<", FilterOp::kLess}}};

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsSign(char c) { return c == '=' || c == '!' || c == '<' || c == '>'; }

class FilterParser {
 public:
  FilterParser(std::string_view text, size_t* error_position)
      : text_(text), error_position_(error_position) {}

  Result<Filter> Parse() {
    Filter filter;
    if (text_.size() > kFilterBytesMax) return Fail(kFilterBytesMax, "The filter is too long.");
    SkipSpace();
    while (at_ < text_.size()) {
      if (filter.terms.size() == kTermsMax) return Fail(at_, "The filter has too many terms.");
      SKEP_ASSIGN(FilterTerm term, ParseTerm());
      filter.terms.push_back(std::move(term));
      SkipSpace();
      if (at_ == text_.size()) break;
      if (!TakeWord("AND")) return Fail(at_, "AND belongs here.");
      SkipSpace();
      if (at_ == text_.size()) return Fail(at_, "A term belongs after AND.");
    }
    return filter;
  }

 private:
  Error Fail(size_t position, std::string message) {
    if (error_position_ != nullptr) *error_position_ = position;
    return Error(Code::kInvalidArgument, std::move(message));
  }

  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }

  // The word at the cursor: up to a space or the end.
  std::string_view PeekWord() const {
    size_t end = at_;
    while (end < text_.size() && !IsSpace(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }

  bool TakeWord(std::string_view upper) {
    if (!EqualsIgnoringCase(PeekWord(), upper)) return false;
    at_ += upper.size();
    return true;
  }

  // "..." with \" and \\ inside.
  Result<std::string> ParseQuoted() {
    const size_t begin = at_++;
    std::string value;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value += text_[at_++];
    }
    if (at_ == text_.size()) return Fail(begin, "A closing quote is missing.");
    ++at_;
    return value;
  }

  std::optional<FilterOp> TakeOp() {
    for (const OpSpelling& spelling : kSigns) {
      if (text_.substr(at_, spelling.text.size()) != spelling.text) continue;
      at_ += spelling.text.size();
      return spelling.op;
    }
    if (TakeWord("CONTAINS")) return FilterOp::kContains;
    if (TakeWord("EXISTS")) return FilterOp::kExists;
    return std::nullopt;
  }

  // Up to ` AND ` or the end, without spaces around it.
  std::string_view TakeBareText() {
    const size_t begin = at_;
    size_t end = at_;
    while (at_ < text_.size()) {
      if (EqualsIgnoringCase(PeekWord(), "AND")) break;
      at_ += PeekWord().size();
      end = at_;
      SkipSpace();
    }
    return text_.substr(begin, end - begin);
  }

  Result<FilterTerm> ParseTerm() {
    const size_t begin = at_;
    FilterTerm term;
    term.position = begin;
    if (text_[at_] == '"') {
      SKEP_ASSIGN(term.field, ParseQuoted());
      term.quoted = true;
    } else {
      while (at_ < text_.size() && !IsSpace(text_[at_]) && !IsSign(text_[at_]))
        term.field += text_[at_++];
    }
    SkipSpace();
    const std::optional<FilterOp> op = at_ < text_.size() ? TakeOp() : std::nullopt;
    if (!op) return SearchTerm(begin, std::move(term));
    if (term.field.empty()) return Fail(begin, "A field belongs before the operator.");
    if (term.field.size() > kFieldBytesMax) return Fail(begin, "The field's name is too long.");
    term.op = *op;
    term.quoted = false;
    if (*op == FilterOp::kExists) return term;
    SkipSpace();
    if (at_ < text_.size() && text_[at_] == '"') {
      SKEP_ASSIGN(term.value, ParseQuoted());
      term.quoted = true;
      return term;
    }
    term.value = TakeBareText();
    if (term.value.empty()) return Fail(at_, "A value belongs here.");
    return term;
  }

  Result<FilterTerm> SearchTerm(size_t begin, FilterTerm term) {
    if (!term.quoted) {
      at_ = begin;
      term.field = TakeBareText();
    }
    if (term.field.empty()) return Fail(begin, "A term belongs here.");
    term.value = std::move(term.field);
    term.field.clear();
    term.op = FilterOp::kContains;
    return term;
  }

  std::string_view text_;
  size_t* error_position_;
  size_t at_ = 0;
};

}  // namespace

Result<Filter> ParseFilter(std::string_view text, size_t* error_position) {
  return FilterParser(text, error_position).Parse();
}

}  // namespace skep
