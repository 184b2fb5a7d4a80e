// SPDX-License-Identifier: Apache-2.0
// Compiles Asio's own sources once (BOOST_ASIO_SEPARATE_COMPILATION).
// clang-format off
#include <utility>
#include <boost/asio/impl/src.hpp>
// clang-format on
