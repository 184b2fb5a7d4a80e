// SPDX-License-Identifier: Apache-2.0
// What `skep serve` is told on its command line. Values.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "ingest/sink.h"
#include "net/server.h"

namespace skep::app {

using MaybeAddress = std::optional<net::ListenAddress>;

struct ServeOptions {
  std::string data = "skep-data";  // everything that is kept lies in this folder
  net::ListenAddress http{"127.0.0.1", 8080};
  MaybeAddress otlp_grpc = net::ListenAddress{"127.0.0.1", 4317};
  MaybeAddress otlp_http = net::ListenAddress{"127.0.0.1", 4318};
  MaybeAddress xray = net::ListenAddress{"127.0.0.1", 2000};  // UDP and TCP
  MaybeAddress clickhouse;                                    // read-only SQL, off unless asked for
  bool insecure_listen = false;  // addresses that others can reach are allowed, without keys
  std::string address_file;      // written when everything listens; empty: none
  std::string engine_library;    // libchdb.so; empty: the store looks for it
  Durability durability = Durability::kSync;
};

struct CommandLine {
  std::optional<ServeOptions> serve;
  int exit_code = 0;  // without `serve`: help, the version or an error was printed
};

CommandLine ParseCommandLine(int argc, char** argv);

inline constexpr const char* kVersion = "0.1.0";

}  // namespace skep::app
