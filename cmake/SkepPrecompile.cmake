# SPDX-License-Identifier: Apache-2.0
# skep_precompiled(TARGET [TESTS]): with SKEP_PRECOMPILED, the target starts each file from headers that are compiled once for
# all: the standard library's, fmt's, and for TESTS GoogleTest's. Under sanitizers a fifth of the compiler's time went into
# reading them again and again. script/build switches it on where it makes a folder for tests under sanitizers. A preset by itself
# does not, nor does a release build: there each file has to include what it uses, and ccache shares objects between trees.
option(SKEP_PRECOMPILED "Start each file from precompiled headers" OFF)

if(SKEP_PRECOMPILED)
  if(CMAKE_CXX_COMPILER_LAUNCHER)  # what ccache asks for before it keeps such objects
    list(PREPEND CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  endif()
  set(skep_headers
      <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <cstring> <deque> <filesystem> <functional> <map>
      <memory> <mutex> <optional> <random> <set> <span> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>
      <fmt/format.h> <tl/expected.hpp>)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cc CONTENT "// Made by cmake/SkepPrecompile.cmake.\n")

  # What uses their headers has the same flags.
  add_library(skep_precompiled OBJECT ${CMAKE_BINARY_DIR}/precompiled.cc)
  target_link_libraries(skep_precompiled PRIVATE fmt::fmt)
  target_precompile_headers(skep_precompiled PRIVATE ${skep_headers})
  add_library(skep_precompiled_tests OBJECT ${CMAKE_BINARY_DIR}/precompiled.cc)
  target_link_libraries(skep_precompiled_tests PRIVATE fmt::fmt GTest::gtest)
  target_precompile_headers(skep_precompiled_tests PRIVATE ${skep_headers} <gtest/gtest.h>)
endif()

function(skep_precompiled target)
  if(SKEP_PRECOMPILED AND "TESTS" IN_LIST ARGN)
    target_precompile_headers(${target} REUSE_FROM skep_precompiled_tests)
  elseif(SKEP_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM skep_precompiled)
  endif()
endfunction()
