// SPDX-License-Identifier: Apache-2.0
// Replays the corpus of the fuzz target of answers, and each of its inputs cut at every byte.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "setup/test_answer_properties.h"

namespace skep::sdk {
namespace {

TEST(AnswersCorpus, HoldsWhatShouldHold) {
  size_t inputs = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(SKEP_SDK_SOURCE_DIR "/fuzz/corpus/answers")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string input{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    for (size_t size = 0; size <= input.size(); ++size)
      fuzz::CheckAnswers(std::string_view(input).substr(0, size));
    ++inputs;
  }
  EXPECT_GE(inputs, 8U);
}

}  // namespace
}  // namespace skep::sdk
