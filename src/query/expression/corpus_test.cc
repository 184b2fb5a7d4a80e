// SPDX-License-Identifier: Apache-2.0
// What the fuzzer found to parse also runs on the engine, and has the value that Evaluate says.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "query/expression/parse.h"
#include "query/expression/testing.h"
#include "query/expression/values.h"
#include "store/testing.h"

namespace skep {
namespace {

TEST(Corpus, RunsOnTheEngine) {
  SKEP_OPEN_TEST_STORE(store);
  testing::ExpressionWorld world(
      store.get(), {{{"a", int64_t{3}}, {"b", "x"}, {"s", "a1 b2"}}, {{"a", 2.5}, {"ms", 42.0}}});
  const std::filesystem::path folder =
      std::filesystem::path(SKEP_SOURCE_DIR) / "fuzz/corpus/expression";
  size_t ran = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    const auto expression = ParseExpression(text.str(), nullptr);
    if (!expression) continue;
    const auto values = world.Values({*expression}, testing::TestColumns());
    if (!values && values.error().code == Code::kInvalidArgument &&
        values.error().message.starts_with("The expression is too complex"))
      continue;
    ASSERT_TRUE(values) << entry.path() << ": " << values.error().message
                        << values.error().detail.substr(0, 2000);
    ++ran;
    for (size_t n = 0; n < world.size(); ++n) {
      const ExpressionValue judged = Evaluate(*expression, world.row(n));
      EXPECT_TRUE(judged == (*values)[0][n] ||
                  TextOf(judged) == TextOf((*values)[0][n]))  // NaN is not itself
          << entry.path() << " row " << n << ": " << TextOf(judged) << " and the engine says "
          << TextOf((*values)[0][n]);
    }
  }
  EXPECT_GT(ran, 20u);
}

}  // namespace
}  // namespace skep
