// SPDX-License-Identifier: Apache-2.0
#include "base/free_memory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <numeric>
#include <vector>

namespace skep {
namespace {

// Resident pages that are mapped from files.
int64_t MappedPages() {
  std::ifstream statm("/proc/self/statm");
  int64_t size = 0;
  int64_t resident = 0;
  int64_t mapped = 0;
  statm >> size >> resident >> mapped;
  return mapped;
}

TEST(ForgetMappedCode, LetsPagesGoAndTheProgramRunsOn) {
  std::vector<int> numbers(1000);
  std::iota(numbers.begin(), numbers.end(), 0);
  const int64_t before = MappedPages();
  ForgetMappedCode();
  EXPECT_LT(MappedPages(), before);
  EXPECT_EQ(std::accumulate(numbers.begin(), numbers.end(), 0), 499'500);
  EXPECT_THROW(numbers.at(1000), std::out_of_range);  // unwinding reads tables that were let go
}

}  // namespace
}  // namespace skep
