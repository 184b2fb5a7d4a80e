// SPDX-License-Identifier: Apache-2.0
#include "query/expression/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "query/expression/check.h"
#include "query/expression/lexer.h"
#include "wire/utf8.h"

namespace skep {
namespace {

// How tightly an operator binds; 0: not an operator between two operands.
int Binding(const Token& token) {
  const std::string_view text = token.text;
  if (token.kind == TokenKind::kName) return text == "AND" ? 2 : text == "OR" ? 1 : 0;
  if (token.kind != TokenKind::kOperator || text == "!") return 0;
  if (text == "*" || text == "/" || text == "%") return 7;
  if (text == "-") return 6;
  if (text == "+") return 5;
  if (text == "=" || text == "!=") return 3;
  return 4;
}

// A chain of these is one call with all the operands.
bool IsChain(std::string_view op) { return op == "+" || op == "*" || op == "AND" || op == "OR"; }

struct Parsed {
  Expression expression;
  size_t depth = 1;
};

class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, const ExpressionLimits& limits)
      : text_(text), limits_(limits), lexer_(text) {}

  Result<Expression> Parse() {
    if (text_.size() > limits_.bytes_max)
      return Fail(limits_.bytes_max,
                  fmt::format("An expression has at most {} bytes.", limits_.bytes_max));
    for (size_t at = 0; at < text_.size();) {
      const size_t bytes = Utf8Length(text_.substr(at));
      if (bytes == 0) return Fail(at, "This is not UTF-8.");
      at += bytes;
    }
    SKEP_TRY(Advance());
    if (token_.kind == TokenKind::kEnd) return Fail(0, "The expression is empty.");
    SKEP_ASSIGN(Parsed parsed, ParseOperators(0, 0));
    if (token_.kind != TokenKind::kEnd)
      return Fail(token_.position, "The expression should end here, or an operator follow.");
    return std::move(parsed.expression);
  }

  size_t error_position() const { return error_position_; }

 private:
  Error Fail(size_t position, std::string message) {
    error_position_ = position;
    return Error(Code::kInvalidArgument, std::move(message));
  }

  Status Advance() {
    auto next = lexer_.Next();
    if (!next) return Fail(lexer_.error_position(), next.error().message);
    token_ = std::move(*next);
    return {};
  }

  Status CountNode(size_t position) {
    if (++nodes_ > limits_.nodes_max) return Fail(position, "The expression has too many parts.");
    return {};
  }
  Status CheckDepth(size_t depth, size_t position) {
    if (depth > limits_.depth_max) return Fail(position, "The expression is nested too deeply.");
    return {};
  }

  // Operators that bind tighter than `floor`, left to right. `nesting` counts what is open around.
  Result<Parsed> ParseOperators(int floor, size_t nesting) {
    SKEP_ASSIGN(Parsed left, ParseOperand(nesting));
    std::string chain;  // the operator whose call `left` is, if it can take further operands
    while (Binding(token_) > floor) {
      const Token op = token_;
      const FunctionInfo& function = *FindFunction(op.text);
      SKEP_TRY(Advance());
      SKEP_ASSIGN(Parsed right, ParseOperators(Binding(op), nesting + 1));
      if (chain == op.text) {
        left.depth = std::max(left.depth, right.depth + 1);
      } else {
        SKEP_TRY(CountNode(op.position));
        Expression call;
        call.kind = Expression::Kind::kCall;
        call.function = function.function;
        call.position = left.expression.position;
        call.arguments.push_back(std::move(left.expression));
        left.expression = std::move(call);
        left.depth = std::max(left.depth, right.depth) + 1;
        chain = IsChain(op.text) ? op.text : std::string();
      }
      left.expression.arguments.push_back(std::move(right.expression));
      SKEP_TRY(CheckDepth(left.depth, op.position));
    }
    return left;
  }

  Result<Parsed> ParseOperand(size_t nesting) {
    SKEP_TRY(CheckDepth(nesting + 1, token_.position));
    const Token token = token_;
    switch (token.kind) {
      case TokenKind::kEnd:
        return Fail(token.position, "The expression ends too early.");
      case TokenKind::kOpen:
        return ParseParentheses(nesting);
      case TokenKind::kClose:
      case TokenKind::kComma:
        return Fail(token.position, "A value is missing here.");
      case TokenKind::kOperator:
        if (token.text == "!") return ParseNot(nesting);
        if (token.text != "-")
          return Fail(token.position, "A value is missing before the operator.");
        SKEP_TRY(Advance());
        if (token_.kind != TokenKind::kInteger && token_.kind != TokenKind::kFloat)
          return Fail(
              token.position,
              "A minus sign stands before a number or between two values; write SUB(0, ...).");
        return ParseNumber(true, token.position);
      case TokenKind::kInteger:
      case TokenKind::kFloat:
        return ParseNumber(false, token.position);
      case TokenKind::kName:
        return ParseNamed(nesting);
      case TokenKind::kString:
      case TokenKind::kColumn:
        break;
    }
    Expression leaf;
    leaf.position = token.position;
    if (token.kind == TokenKind::kColumn) {
      leaf.kind = Expression::Kind::kColumn;
      leaf.column = token.text;
    } else {
      leaf.literal = token.text;
    }
    return Leaf(std::move(leaf));
  }

  // The token at hand is the leaf's last.
  Result<Parsed> Leaf(Expression leaf) {
    SKEP_TRY(CountNode(leaf.position));
    SKEP_TRY(Advance());
    Parsed parsed;
    parsed.expression = std::move(leaf);
    return parsed;
  }

  Result<Parsed> ParseNumber(bool negative, size_t position) {
    Expression leaf;
    leaf.position = position;
    const std::string text = (negative ? "-" : "") + token_.text;
    const char* end = text.data() + text.size();
    if (token_.kind == TokenKind::kInteger) {
      int64_t whole = 0;
      if (std::from_chars(text.data(), end, whole).ec != std::errc())
        return Fail(position, "The number is too large for an integer; write it with a point.");
      leaf.literal = whole;
    } else {
      double real = 0;
      if (std::from_chars(text.data(), end, real).ec != std::errc())
        return Fail(position, "The number is too large or too small.");
      leaf.literal = real;
    }
    return Leaf(std::move(leaf));
  }

  Result<Parsed> ParseParentheses(size_t nesting) {
    const size_t position = token_.position;
    SKEP_TRY(Advance());
    SKEP_ASSIGN(Parsed inner, ParseOperators(0, nesting + 1));
    if (token_.kind != TokenKind::kClose)
      return Fail(token_.kind == TokenKind::kEnd ? position : token_.position,
                  "A closing parenthesis is missing.");
    SKEP_TRY(Advance());
    return inner;
  }

  Result<Parsed> ParseNot(size_t nesting) {
    Expression call;
    call.kind = Expression::Kind::kCall;
    call.function = Function::kNot;
    call.position = token_.position;
    SKEP_TRY(CountNode(call.position));
    SKEP_TRY(Advance());
    SKEP_ASSIGN(Parsed operand, ParseOperand(nesting + 1));
    SKEP_TRY(CheckDepth(operand.depth + 1, call.position));
    call.arguments.push_back(std::move(operand.expression));
    return Parsed{std::move(call), operand.depth + 1};
  }

  // true, false, null or a call.
  Result<Parsed> ParseNamed(size_t nesting) {
    const Token name = token_;
    Expression leaf;
    leaf.position = name.position;
    if (name.text == "true" || name.text == "false") leaf.literal = name.text == "true";
    if (name.text == "true" || name.text == "false" || name.text == "null")
      return Leaf(std::move(leaf));
    SKEP_TRY(Advance());
    if (token_.kind != TokenKind::kOpen)
      return Fail(name.position,
                  fmt::format("\"{0}\" is no value: a column is written ${0}, a text \"{0}\", a "
                              "function {0}(...).",
                              name.text));
    const FunctionInfo* function = FindFunction(name.text);
    if (function == nullptr) return Fail(name.position, UnknownFunction(name.text));
    return ParseCall(*function, name.position, nesting);
  }

  static std::string UnknownFunction(const std::string& name) {
    if (IsTimeseriesFunction(name))
      return fmt::format("{} is for metrics; it has no meaning for one event.", name);
    if (FindFunction(ToUpper(name)) != nullptr)
      return fmt::format("Functions are written in upper case: {}.", ToUpper(name));
    return fmt::format("There is no function {}.", name);
  }

  // From the opening parenthesis on.
  Result<Parsed> ParseCall(const FunctionInfo& function, size_t position, size_t nesting) {
    Parsed call;
    call.expression.kind = Expression::Kind::kCall;
    call.expression.function = function.function;
    call.expression.position = position;
    SKEP_TRY(CountNode(position));
    const size_t open = token_.position;
    SKEP_TRY(Advance());
    while (token_.kind != TokenKind::kClose) {
      SKEP_ASSIGN(Parsed argument, ParseOperators(0, nesting + 1));
      call.depth = std::max(call.depth, argument.depth + 1);
      call.expression.arguments.push_back(std::move(argument.expression));
      if (token_.kind == TokenKind::kComma) {
        SKEP_TRY(Advance());
      } else if (token_.kind != TokenKind::kClose) {
        return Fail(token_.kind == TokenKind::kEnd ? open : token_.position,
                    "A comma or a closing parenthesis is missing.");
      }
    }
    SKEP_TRY(CheckDepth(call.depth, position));
    SKEP_TRY(CheckArgumentCount(function, call.expression, &error_position_));
    SKEP_TRY(CheckLiterals(function, call.expression, &error_position_));
    SKEP_TRY(Advance());
    return call;
  }

  std::string_view text_;
  ExpressionLimits limits_;
  ExpressionLexer lexer_;
  Token token_;
  size_t nodes_ = 0;
  size_t error_position_ = 0;
};

}  // namespace

Result<Expression> ParseExpression(std::string_view text, size_t* error_position,
                                   const ExpressionLimits& limits) {
  ExpressionParser parser(text, limits);
  auto expression = parser.Parse();
  if (!expression && error_position != nullptr) *error_position = parser.error_position();
  return expression;
}

}  // namespace skep
