// SPDX-License-Identifier: Apache-2.0
// skep_sql_testd DIRECTORY [read-only]: an embedded store behind the SQL endpoint, in a process
// that tests may kill. Prints its port on a line and serves until its standard input ends.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "base/log.h"
#include "net/server.h"
#include "sql_endpoint/endpoint.h"
#include "store/embedded/embedded_store.h"

namespace {

skep::Status Serve(const std::string& directory, bool read_only) {
  skep::EmbeddedOptions store_options;
  store_options.directory = directory;
  SKEP_ASSIGN(const auto store, skep::OpenEmbeddedStore(store_options));
  SKEP_TRY(store->Migrate());
  skep::sql_endpoint::EndpointOptions options;
  options.read_only = read_only;
  skep::net::Router router;
  skep::sql_endpoint::Register(router, *store, options);
  skep::net::ServerOptions server_options;
  server_options.header_bytes_max = 1u << 20;  // bound values are in the URL
  server_options.queue_bytes_max = 1u << 30;
  SKEP_ASSIGN(const auto server, skep::net::Server::Create(server_options));
  SKEP_ASSIGN(const uint16_t port, server->Listen({"127.0.0.1", 0}, &router));
  server->Start();
  fmt::print("{}\n", port);
  std::fflush(stdout);
  char ignored[64];
  while (::read(STDIN_FILENO, ignored, sizeof ignored) > 0) {
  }
  server->Shutdown(std::chrono::milliseconds(5000));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: skep_sql_testd DIRECTORY [read-only]\n");
    return 2;
  }
  const auto served = Serve(argv[1], argc > 2 && std::string_view(argv[2]) == "read-only");
  if (served) return 0;
  skep::LogError("testd", served.error());
  return 1;
}
