// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/stack_trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

#include "stack/exception_chain.h"

namespace skep::sdk {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;

class StackTraceTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_TRUE(RecordThrowSites()); }
};

uint32_t thrown_on_line = 0;

[[gnu::noinline]] void ThrowHere(const char* what) {
  thrown_on_line = __LINE__ + 1;
  throw std::runtime_error(what);
}

[[gnu::noinline]] StackTrace TakeHere() { return StackTrace::Current(); }

TEST_F(StackTraceTest, CurrentStartsWithItsCaller) {
  const StackTrace trace = TakeHere();
  ASSERT_GE(trace.Addresses().size(), 3u);
  const auto frames = trace.Resolve();
  EXPECT_THAT(frames[0].function, HasSubstr("TakeHere"));
  EXPECT_THAT(frames[0].module, HasSubstr("stack_test"));
  EXPECT_GT(frames[0].offset, 0u);
}

#ifdef SKEP_SDK_LIBBACKTRACE
TEST_F(StackTraceTest, FilesAndLines) {
  const auto frames = TakeHere().Resolve();
  EXPECT_THAT(frames[0].file, EndsWith("stack_trace_test.cc"));
  EXPECT_GT(frames[0].line, 0u);
  EXPECT_THAT(TakeHere().Text(), HasSubstr("stack_trace_test.cc:"));
}
#endif

TEST_F(StackTraceTest, WhereItWasThrown) {
  try {
    ThrowHere("here");
  } catch (...) {
    const auto trace = StackTrace::Of(std::current_exception());
    ASSERT_TRUE(trace.has_value());
    const auto frames = trace->Resolve();
    ASSERT_FALSE(frames.empty());
    EXPECT_THAT(frames[0].function, HasSubstr("ThrowHere"));
#ifdef SKEP_SDK_LIBBACKTRACE
    EXPECT_EQ(frames[0].line, thrown_on_line);
#endif
  }
}

TEST_F(StackTraceTest, ThrownByTheStandardLibrary) {
  try {
    (void)std::vector<int>().at(1);
    FAIL();
  } catch (...) {
    const auto trace = StackTrace::Of(std::current_exception());
    ASSERT_TRUE(trace.has_value());
    EXPECT_THAT(trace->Text(), HasSubstr("ThrownByTheStandardLibrary"));
  }
}

TEST_F(StackTraceTest, ARethrowKeepsTheFirstPlaceOnAnyThread) {
  std::exception_ptr caught;
  std::thread([&caught] {
    try {
      ThrowHere("on another thread");
    } catch (...) {
      caught = std::current_exception();
    }
  }).join();
  try {
    std::rethrow_exception(caught);
  } catch (...) {
    const auto trace = StackTrace::Of(std::current_exception());
    ASSERT_TRUE(trace.has_value());
    EXPECT_THAT(trace->Resolve().at(0).function, HasSubstr("ThrowHere"));
  }
}

TEST_F(StackTraceTest, WhatNobodyThrewHasNoPlaceEvenInTheMemoryOfOneThatWasThrown) {
  for (int i = 0; i < 100; ++i) {
    try {
      ThrowHere("soon freed");
    } catch (const std::exception&) {
    }
    const auto made = std::make_exception_ptr(std::runtime_error("made"));
    EXPECT_FALSE(StackTrace::Of(made).has_value());
    try {
      std::rethrow_exception(made);
    } catch (...) {
      EXPECT_FALSE(StackTrace::Of(std::current_exception()).has_value());
    }
  }
  EXPECT_FALSE(StackTrace::Of(nullptr).has_value());
}

TEST_F(StackTraceTest, ThePlaceIsForgottenAfterManyThrows) {
  std::exception_ptr old;
  try {
    ThrowHere("old");
  } catch (...) {
    old = std::current_exception();
  }
  EXPECT_TRUE(StackTrace::Of(old).has_value());
  for (int i = 0; i < 256; ++i) {
    try {
      ThrowHere("new");
    } catch (const std::exception&) {
    }
  }
  EXPECT_FALSE(StackTrace::Of(old).has_value());
}

TEST_F(StackTraceTest, ManyThreadsThrowAndLookAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  std::atomic<int> found{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&wrong, &found] {
      for (int i = 0; i < 500; ++i) {
        try {
          throw i;
        } catch (...) {
          const auto trace = StackTrace::Of(std::current_exception());
          if (!trace) continue;  // another thread wrote the slot: allowed
          ++found;
          if (trace->Addresses().empty()) ++wrong;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(found, 0);
}

TEST_F(StackTraceTest, ADeepStackKeepsTheInnermostFrames) {
  struct Deep {
    [[gnu::noinline]] static void Down(int levels) {  // NOLINT(misc-no-recursion): the point of it
      if (levels <= 0) {
        if (levels == 0) ThrowHere("deep");
        return;
      }
      Down(levels - 1);
      asm volatile("");  // not a tail call
    }
  };
  try {
    Deep::Down(500);
  } catch (...) {
    const auto trace = StackTrace::Of(std::current_exception());
    ASSERT_TRUE(trace.has_value());
    EXPECT_THAT(trace->Addresses(), SizeIs(StackTrace::kFramesMax));
    EXPECT_THAT(trace->Resolve().at(0).function, HasSubstr("ThrowHere"));
  }
}

TEST_F(StackTraceTest, NestedExceptionsAreAChain) {
  std::exception_ptr caught;
  try {
    try {
      ThrowHere("inner");
    } catch (...) {
      std::throw_with_nested(std::logic_error("outer"));
    }
  } catch (...) {
    caught = std::current_exception();
  }
  const auto chain = DescribeException(caught);
  ASSERT_THAT(chain, SizeIs(2));
  EXPECT_EQ(chain[0].type, "std::logic_error");
  EXPECT_EQ(chain[0].message, "outer");
  EXPECT_TRUE(chain[0].thrown_at.has_value());
  EXPECT_EQ(chain[1].type, "std::runtime_error");
  EXPECT_EQ(chain[1].message, "inner");
  EXPECT_TRUE(chain[1].thrown_at.has_value());
  EXPECT_THAT(DescribeException(caught, 1), SizeIs(1));
}

TEST_F(StackTraceTest, AReferenceToWhatIsHandledKnowsItsPlace) {
  try {
    ThrowHere("handled");
  } catch (const std::exception& e) {
    const auto chain = DescribeException(e);
    ASSERT_THAT(chain, SizeIs(1));
    EXPECT_EQ(chain[0].type, "std::runtime_error");
    EXPECT_TRUE(chain[0].thrown_at.has_value());
    const auto other = DescribeException(std::logic_error("never thrown"));
    ASSERT_THAT(other, SizeIs(1));
    EXPECT_EQ(other[0].type, "std::logic_error");
    EXPECT_EQ(other[0].message, "never thrown");
    EXPECT_FALSE(other[0].thrown_at.has_value());
  }
}

struct Odd {};

template <typename T>
ExceptionDescription Thrown(T value) {
  return DescribeException(std::make_exception_ptr(value)).at(0);
}

TEST_F(StackTraceTest, AnythingCanBeThrown) {
  EXPECT_EQ(Thrown(42).message, "42");
  EXPECT_EQ(Thrown(42).type, "int");
  EXPECT_EQ(Thrown("text").message, "text");
  EXPECT_EQ(Thrown(std::string("words")).message, "words");
  EXPECT_EQ(Thrown(Odd{}).type, "skep::sdk::(anonymous namespace)::Odd");
  EXPECT_EQ(Thrown(Odd{}).message, "");
  EXPECT_TRUE(DescribeException(std::exception_ptr()).empty());
}

}  // namespace
}  // namespace skep::sdk
