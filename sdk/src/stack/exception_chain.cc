// SPDX-License-Identifier: Apache-2.0
#include "stack/exception_chain.h"

#include <cstring>
#include <string_view>
#include <typeinfo>

#include "stack/symbolizer.h"

namespace skep::sdk {
namespace {

std::exception_ptr NestedIn(const std::exception& exception) {
  const auto* nested = dynamic_cast<const std::nested_exception*>(&exception);
  return nested == nullptr ? nullptr : nested->nested_ptr();
}

// std::throw_with_nested throws a type of its own, derived from the one that was meant.
std::string PlainType(std::string type) {
  constexpr std::string_view kWrapper = "std::_Nested_exception<";
  if (type.starts_with(kWrapper) && type.ends_with('>')) {
    type = type.substr(kWrapper.size(), type.size() - kWrapper.size() - 1);
    while (type.ends_with(' ')) type.pop_back();
  }
  return type;
}

// Takes the message, and gives what is nested in it.
std::exception_ptr ReadMessage(const std::exception_ptr& exception, std::string& message) {
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& e) {
    const char* what = e.what();
    message = what == nullptr ? "" : what;
    return NestedIn(e);
  } catch (const std::nested_exception& e) {
    return e.nested_ptr();
  } catch (const std::string& text) {
    message = text;
  } catch (std::string_view text) {
    message = text;
  } catch (const char* text) {
    message = text == nullptr ? "" : text;
  } catch (int number) {
    message = std::to_string(number);
  } catch (...) {  // a type of the program's own: only its name is known
  }
  return nullptr;
}

}  // namespace

std::vector<ExceptionDescription> DescribeException(const std::exception_ptr& exception,
                                                    size_t links_max) {
  std::vector<ExceptionDescription> chain;
  std::exception_ptr link = exception;
  while (link != nullptr && chain.size() < links_max) {
    ExceptionDescription& description = chain.emplace_back();
    if (const std::type_info* type = link.__cxa_exception_type()) {
      description.type = PlainType(Demangle(type->name()));
    }
    description.thrown_at = StackTrace::Of(link);
    link = ReadMessage(link, description.message);
  }
  return chain;
}

std::vector<ExceptionDescription> DescribeException(const std::exception& exception,
                                                    size_t links_max) {
  const std::exception_ptr current = std::current_exception();
  const void* handled = nullptr;
  std::memcpy(&handled, &current, sizeof handled);
  if (handled != nullptr && handled == dynamic_cast<const void*>(&exception)) {
    return DescribeException(current, links_max);
  }
  std::vector<ExceptionDescription> chain(1);
  chain[0].type = PlainType(Demangle(typeid(exception).name()));
  const char* what = exception.what();
  chain[0].message = what == nullptr ? "" : what;
  if (links_max <= 1) return chain;
  for (auto& link : DescribeException(NestedIn(exception), links_max - 1))
    chain.push_back(std::move(link));
  return chain;
}

}  // namespace skep::sdk
