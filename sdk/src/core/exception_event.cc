// SPDX-License-Identifier: Apache-2.0
// Span::RecordException: the event `exception` of OpenTelemetry's semantic conventions
// (opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans). Nested exceptions follow in
// exception.stacktrace as "Caused by", since the conventions have one type and message for an
// event.
#include <span>
#include <string>
#include <vector>

#include "skep/sdk/span.h"
#include "skep/sdk/stack_trace.h"
#include "stack/exception_chain.h"

namespace skep::sdk {
namespace {

std::string TextOf(std::span<const ExceptionDescription> chain) {
  std::string text;
  for (const ExceptionDescription& link : chain) {
    const bool outermost = &link == chain.data();
    if (!outermost) text += "Caused by: ";
    text += link.type;
    text += ": ";
    text += link.message;
    text += '\n';
    if (link.thrown_at.has_value()) {
      text += link.thrown_at->Text();
    } else if (outermost) {
      text += StackTrace::Current(2).Text();  // without this function and its caller
    }
    if (!text.ends_with('\n')) text += '\n';
  }
  return text;
}

void AddExceptionEvent(Span& span, const std::vector<ExceptionDescription>& chain,
                       std::span<const Attribute> more) {
  if (chain.empty()) return;
  const std::string stack = TextOf(chain);
  std::vector<Attribute> attributes;
  attributes.reserve(more.size() + 3);
  attributes.emplace_back("exception.type", chain.front().type);
  attributes.emplace_back("exception.message", chain.front().message);
  attributes.emplace_back("exception.stacktrace", stack);
  attributes.insert(attributes.end(), more.begin(), more.end());
  span.AddEvent("exception", attributes, 0);
}

}  // namespace

Span& Span::RecordException(const std::exception& exception,
                            std::initializer_list<Attribute> attributes) {
  if (!IsRecording()) return *this;
  try {
    AddExceptionEvent(*this, DescribeException(exception), {attributes.begin(), attributes.size()});
  } catch (...) {
    AddEvent("exception");  // no memory for more
  }
  return *this;
}

Span& Span::RecordException(const std::exception_ptr& exception) {
  if (!IsRecording()) return *this;
  try {
    AddExceptionEvent(*this, DescribeException(exception), {});
  } catch (...) {
    AddEvent("exception");
  }
  return *this;
}

}  // namespace skep::sdk
