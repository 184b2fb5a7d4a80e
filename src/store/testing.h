// SPDX-License-Identifier: Apache-2.0
// A store for tests: the real embedded engine in a temporary folder, with the tables made. A
// process has one engine, so all the stores of a test program share it, each with a database of its
// own; the folder goes when the program ends. Without the library there is no store, and the test
// is skipped.
//
//   SKEP_OPEN_TEST_STORE(store);
//   ASSERT_TRUE(store->Insert(block, "token"));
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "store/embedded/embedded_store.h"
#include "store/store.h"

namespace skep::testing {

// Starts with the first store and stops when all tests are done: starting takes longer than most
// tests. Not later: at the exit of the process the engine's own globals go before ours.
class TestEngine final : public ::testing::Environment {
 public:
  void TearDown() override {
    anchor_ = nullptr;
    std::error_code ignored;
    if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
    directory_.clear();
  }

  Result<std::unique_ptr<Store>> OpenStore(int connections) {
    SKEP_TRY(Start());
    SKEP_ASSIGN(auto store,
                OpenEmbeddedStore(Options("test_" + std::to_string(++opened_), connections)));
    SKEP_TRY(store->Migrate());
    return store;
  }

 private:
  Status Start() {
    if (anchor_ != nullptr) return {};
    std::string pattern = (std::filesystem::temp_directory_path() / "skep-store-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    SKEP_ASSIGN(anchor_, OpenEmbeddedStore(Options("anchor", 1)));
    return {};
  }
  EmbeddedOptions Options(std::string database, int connections) const {
    EmbeddedOptions options;
    options.directory = directory_;
    options.database = std::move(database);
    options.connections = connections;
    return options;
  }

  std::string directory_;
  std::unique_ptr<Store> anchor_;
  int opened_ = 0;
};

// GoogleTest owns it.
inline TestEngine* const kTestEngine =
    static_cast<TestEngine*>(::testing::AddGlobalTestEnvironment(new TestEngine));

inline Result<std::unique_ptr<Store>> OpenTestStore(int connections = 2) {
  return kTestEngine->OpenStore(connections);
}

}  // namespace skep::testing

// Declares `name`, a std::unique_ptr<skep::Store> to an empty store, or skips the test.
#define SKEP_OPEN_TEST_STORE(name)                                                         \
  auto name##_opened = ::skep::testing::OpenTestStore();                                   \
  if (!name##_opened)                                                                      \
    GTEST_SKIP() << name##_opened.error().message << ": " << name##_opened.error().detail; \
  const std::unique_ptr<::skep::Store> name = std::move(*name##_opened)
