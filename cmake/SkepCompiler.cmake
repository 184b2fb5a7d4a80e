# SPDX-License-Identifier: Apache-2.0
# Compiler settings shared by every target, and the switches that the presets set.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(SKEP_SANITIZE "" CACHE STRING "Sanitizers to build with, as for -fsanitize=")
option(SKEP_WERROR "Warnings are errors" ON)
option(SKEP_FUZZ "Build the fuzz targets" OFF)
option(SKEP_BENCH "Build the benchmarks" OFF)
option(SKEP_TESTS "Build the unit tests" ON)

add_compile_options(-Wall -Wextra -Wconversion -Wshadow -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside libstdc++ and Boost when sanitizers or -O3 inline deeply.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread
                      -Wno-array-bounds)
endif()
if(SKEP_WERROR)
  add_compile_options(-Werror)
endif()
if(SKEP_SANITIZE)
  add_compile_options(-fsanitize=${SKEP_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SKEP_SANITIZE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND SKEP_SANITIZE MATCHES "thread")
  add_compile_options(-Wno-tsan)
endif()

find_program(SKEP_CCACHE ccache)
if(SKEP_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SKEP_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${SKEP_CCACHE})
endif()
find_program(SKEP_MOLD mold)
if(SKEP_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
