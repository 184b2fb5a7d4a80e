// SPDX-License-Identifier: Apache-2.0
// The parts of Boost.Asio that net uses, for its own files only: no public header includes this
// one. Asio 1.74 forgets to include <utility>, so it stands first.
#pragma once

// clang-format off
#include <utility>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
// clang-format on

namespace skep::net {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
}  // namespace skep::net
