// SPDX-License-Identifier: Apache-2.0
// ErrorOccurrence: one error as every door can describe it: exceptions with their frames, or a
// message, or a raw report. It is what grouping looks at; no vendor's words. Views into what the
// door decoded, good while that lives. Plain structs.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace skep {

struct ErrorFrame {
  std::string_view filename;
  std::string_view method;
  std::string_view class_name;  // empty where the method says it, or the language has none
  int64_t line = 0;             // 0: unknown
};

struct ErrorException {
  std::string_view type;
  std::string_view message;
  std::vector<ErrorFrame> frames;  // oldest call first: the place that threw is the last
};

enum class ErrorKind { kExceptions, kMessage, kReport };

struct ErrorOccurrence {
  ErrorKind kind = ErrorKind::kMessage;
  std::vector<ErrorException> exceptions;  // the one caught first, then what caused it
  std::string_view text;                   // of a message or raw report
  std::string_view project;
  std::string_view environment;
  std::string_view source_root;        // where the program's own code lies; may be empty
  std::string_view given_title;        // the client's wish; may be empty
  std::string_view given_fingerprint;  // the client's wish; may be empty
};

}  // namespace skep
