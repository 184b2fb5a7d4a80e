// SPDX-License-Identifier: Apache-2.0
// Runs golden cases (tests/golden/README.md) against a door's own decoders and routes. Only tests
// use it; a door's golden_test.cc makes the Harness. With SKEP_GOLDEN_UPDATE=1 in the environment a
// case that differs is rewritten.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/counters.h"
#include "doors/golden/case_file.h"
#include "ingest/sink.h"
#include "net/router.h"

namespace skep::golden {

struct Harness {
  // Family `decode`: the door's decoders, by the name that cases use.
  std::map<std::string, DecodeFunction> formats;
  // Family `api`: adds the door's routes; called afresh for each case.
  std::function<void(net::Router& router, Sink& sink, Counters& counters)> register_routes;
  // Family `plan`: the statements behind a question, as text; what the case says stands in its
  // head.
  std::function<Result<std::string>(const CaseFile& file)> plan;
};

// When requests of cases come, unless they say otherwise: 2026-11-24T12:00:00Z.
inline constexpr int64_t kReceiveTimeNs = 1'795'521'600'000'000'000;

// Paths of the cases of one door, sorted; with the files of folders inside.
std::vector<std::string> CasesOf(std::string_view door);
// A name for GoogleTest: the file's, letters and digits only.
std::string TestNameOf(const std::string& path);

// Empty when the case holds (or was rewritten); else what differs, for people.
std::string RunCase(const std::string& path, const Harness& harness);

}  // namespace skep::golden
