// SPDX-License-Identifier: Apache-2.0
#include "app/options.h"

#include <CLI/CLI.hpp>
#include <map>

#include "app/address.h"

namespace skep::app {
namespace {

struct AddressOption {
  const char* name;
  const char* help;
  MaybeAddress* target;
  bool may_be_off;
};

// Reads into `target`.
std::string ReadAddress(const AddressOption& option, const std::string& text) {
  auto address = ParseAddress(text);
  if (!address) return address.error().message;
  if (!address->has_value() && !option.may_be_off) return "the page's address cannot be off";
  *option.target = *std::move(address);
  return {};
}

// An address that others could reach is refused, because nobody has to show a key yet.
std::string RefusalToListen(const MaybeAddress& address) {
  if (!address || IsLoopback(address->host)) return {};
  return "refused to listen on " + address->host +
         ": there are no keys and no login yet, so anyone could read and write everything; use "
         "127.0.0.1, and a tunnel or a proxy that asks who is there; where something else keeps "
         "others out, as a container's published ports may, --insecure-listen permits it";
}

void AddAddress(CLI::App& command, const AddressOption& option) {
  command.add_option_function<std::string>(
             option.name, [](const std::string&) {}, option.help)
      ->type_name("HOST:PORT")
      ->check([option](const std::string& text) { return ReadAddress(option, text); });
}

}  // namespace

CommandLine ParseCommandLine(int argc, char** argv) {
  CLI::App program("Skep: traces, segments, log lines and errors of one request in one trace.");
  program.set_version_flag("--version", std::string("skep ") + kVersion);
  program.require_subcommand(1);

  ServeOptions options;
  MaybeAddress http = options.http;
  CLI::App& serve = *program.add_subcommand("serve", "Run the server.");
  serve.add_option("--data", options.data, "Folder for everything that is kept")
      ->capture_default_str()
      ->type_name("DIR");
  AddAddress(serve, {"--http", "The page and all doors over HTTP (127.0.0.1:8080)", &http, false});
  AddAddress(serve, {"--otlp-grpc", "OTLP over gRPC (127.0.0.1:4317)", &options.otlp_grpc, true});
  AddAddress(serve, {"--otlp-http", "OTLP over HTTP (127.0.0.1:4318)", &options.otlp_http, true});
  AddAddress(serve, {"--xray", "X-Ray daemon, UDP and TCP (127.0.0.1:2000)", &options.xray, true});
  AddAddress(serve, {"--clickhouse", "Read-only ClickHouse HTTP interface (off)",
                     &options.clickhouse, true});
  serve.add_flag("--insecure-listen", options.insecure_listen,
                 "Listen on addresses other than loopback, too, although nobody has to show a key: "
                 "whoever reaches them reads and writes everything");
  serve
      .add_option("--address-file", options.address_file,
                  "Where to write the addresses as JSON once everything listens")
      ->type_name("FILE");
  serve
      .add_option("--engine-library", options.engine_library,
                  "libchdb.so (else $SKEP_CHDB_LIB, else beside the program)")
      ->type_name("FILE");
  serve
      .add_option("--durability", options.durability,
                  "sync: acknowledged survives power loss; process: only kill -9")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Durability>{
          {"sync", Durability::kSync}, {"process", Durability::kProcess}}))
      ->default_str("sync");

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // CLI11 says help and version this way, too
    return {std::nullopt, program.exit(error)};
  }
  options.http = *http;
  if (!options.insecure_listen) {
    for (const MaybeAddress& address :
         {http, options.otlp_grpc, options.otlp_http, options.xray, options.clickhouse}) {
      const std::string refusal = RefusalToListen(address);
      if (!refusal.empty()) return {std::nullopt, program.exit(CLI::ValidationError(refusal))};
    }
  }
  return {std::move(options), 0};
}

}  // namespace skep::app
