// SPDX-License-Identifier: Apache-2.0
// Replays the corpus of the propagation fuzz target, and variations of it that are the same each
// time.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "core/test_propagation_properties.h"

namespace skep::sdk {
namespace {

std::vector<std::string> Corpus() {
  std::vector<std::string> inputs;
  for (const auto& entry :
       std::filesystem::directory_iterator(SKEP_SDK_SOURCE_DIR "/fuzz/corpus/propagation")) {
    std::ifstream file(entry.path(), std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return inputs;
}

TEST(PropagationCorpus, HoldsWhatShouldHold) {
  const auto inputs = Corpus();
  ASSERT_GE(inputs.size(), 10U);
  for (const std::string& input : inputs) fuzz::CheckPropagation(input);
}

TEST(PropagationCorpus, AndForVariationsOfIt) {
  std::mt19937 random(7);
  const auto inputs = Corpus();
  constexpr std::string_view kBytes = "=,;-@%0af \t\n\"\\\x01\xC3";
  for (int i = 0; i < 2000; ++i) {
    std::string input = inputs[random() % inputs.size()];
    for (int change = 0; change < 3 && !input.empty(); ++change) {
      const size_t at = random() % input.size();
      switch (random() % 3) {
        case 0:
          input[at] = kBytes[random() % kBytes.size()];
          break;
        case 1:
          input.erase(at, random() % 8);
          break;
        default:
          input.insert(at, input.substr(random() % input.size(), random() % 300));
      }
    }
    fuzz::CheckPropagation(input);
  }
}

}  // namespace
}  // namespace skep::sdk
