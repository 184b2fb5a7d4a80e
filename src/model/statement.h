// SPDX-License-Identifier: Apache-2.0
// Statement: SQL text with `{name:Type}` places and the values bound to them. Values never become
// SQL text; the engine binds them. Written only in query/ and store/. Values; thread-compatible.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skep {

// `name` in backquotes, whatever is in it.
std::string QuotedIdentifier(std::string_view name);

struct Statement {
  std::string sql;
  // Value as ClickHouse reads a parameter: plain text for numbers; for text the store escapes it
  // (tab-separated form).
  std::vector<std::pair<std::string, std::string>> parameters;

  explicit Statement(std::string text) : sql(std::move(text)) {}
  Statement& Bind(std::string name, std::string value) {
    parameters.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  Statement& Bind(std::string name, int64_t value) {
    return Bind(std::move(name), std::to_string(value));
  }
};

// How far a running statement is; the store writes it now and then, anyone may read. Thread-safe.
struct QueryProgress {
  std::atomic<uint64_t> rows_read{0};
  std::atomic<uint64_t> rows_total{0};  // as the engine estimates it; 0: not known yet
};

struct QueryOptions {
  int64_t deadline_ms = 10'000;
  uint64_t rows_max = 1'000'000;  // of the result; over it is an error, never a cut
  uint64_t memory_bytes_max = 512ull << 20;
  uint64_t group_bytes_max = 0;  // a GROUP BY over it goes to disk; 0: the engine's own bound
  std::shared_ptr<QueryProgress> progress{};  // shared with who watches; null: nobody does
};

}  // namespace skep
