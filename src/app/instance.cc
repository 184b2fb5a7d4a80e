// SPDX-License-Identifier: Apache-2.0
#include "app/instance.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "app/address.h"
#include "app/doors.h"
#include "app/memory_keeper.h"
#include "app/promoter.h"
#include "base/clock.h"
#include "base/counters.h"
#include "base/folder_lock.h"
#include "base/log.h"
#include "catalog/database.h"
#include "catalog/documents.h"
#include "catalog/field_rows.h"
#include "catalog/items.h"
#include "catalog/log_groups.h"
#include "doors/cloudwatch/log_groups_observer.h"
#include "doors/honeycomb/datasets.h"
#include "doors/honeycomb/dependency_runs.h"
#include "doors/honeycomb/known_keys.h"
#include "errors/items_observer.h"
#include "fields/catalogue.h"
#include "fields/catalogue_fill.h"
#include "fields/fields_observer.h"
#include "fields/project_fields.h"
#include "ingest/sink.h"
#include "join/join_observer.h"
#include "join/join_record.h"
#include "join/joiner.h"
#include "net/router.h"
#include "net/server.h"
#include "query/bubbleup/bubbleup_runs.h"
#include "query/explore/query_runs.h"
#include "query/reader.h"
#include "sql_endpoint/endpoint.h"
#include "store/embedded/embedded_store.h"
#include "ui/register.h"
#include "ui/static_files.h"

namespace skep::app {
namespace {

constexpr std::chrono::milliseconds kShutdownGrace{10'000};
constexpr int64_t kBarrierDeadlineMs = 10'000;
constexpr const char* kProject = "default";  // there is one so far

std::string In(const ServeOptions& options, const char* name) {
  return (std::filesystem::path(options.data) / name).string();
}

}  // namespace

// In order of construction: what stands below may use what stands above.
struct Instance::Impl {
  FolderLock folder_lock;
  Counters counters;
  std::unique_ptr<Database> database;
  std::unique_ptr<Items> items;
  std::unique_ptr<ItemsObserver> items_observer;
  std::unique_ptr<Documents> documents;
  std::unique_ptr<LogGroups> log_groups;
  std::unique_ptr<cloudwatch::LogGroupsObserver> log_groups_observer;
  std::unique_ptr<FieldRows> field_rows;
  std::unique_ptr<fields::Catalogue> field_catalogue;
  std::unique_ptr<honeycomb::Datasets> honeycomb_datasets;
  std::unique_ptr<honeycomb::KnownKeys> honeycomb_keys;
  std::unique_ptr<fields::FieldsObserver> fields_observer;
  std::unique_ptr<fields::ProjectFields> project_fields;
  join::JoinObserver join_observer;
  std::unique_ptr<Store> store;
  std::unique_ptr<Promoter> promoter;
  std::unique_ptr<MemoryKeeper> memory_keeper;
  std::unique_ptr<Sink> sink;
  std::unique_ptr<Reader> reader;
  std::unique_ptr<fields::CatalogueFill> field_fill;
  std::unique_ptr<QueryRuns> query_runs;
  std::unique_ptr<BubbleUpRuns> bubbleup_runs;
  std::unique_ptr<honeycomb::DependencyRuns> dependency_runs;
  std::unique_ptr<join::Joiner> joiner;
  net::Router everything;
  net::Router otlp;
  net::Router xray;
  net::Router clickhouse;
  std::unique_ptr<net::Server> server;
  Addresses addresses;
  bool stopped = false;

  Status OpenCatalog(const ServeOptions& options);
  Status OpenStore(const ServeOptions& options);
  Status OpenSink(const ServeOptions& options);
  Status KnowFieldsOfEmptyStore();
  DoorParts Parts() {
    return {sink.get(),           &counters,
            reader.get(),         log_groups.get(),
            documents.get(),      honeycomb_datasets.get(),
            honeycomb_keys.get(), field_catalogue.get(),
            query_runs.get(),     project_fields.get(),
            dependency_runs.get()};
  }
  void RegisterRoutes();
  Status Listen(const ServeOptions& options);
  Result<uint16_t> ListenOn(const char* option, const char* name, const char* scheme,
                            const net::ListenAddress& address, const net::Router* router);
  Status ListenXRay(const net::ListenAddress& address);
};

Status Instance::Impl::OpenCatalog(const ServeOptions& options) {
  SKEP_ASSIGN(database, Database::Open({In(options, "catalog.sqlite")}));
  items = std::make_unique<Items>(database.get());
  items_observer = std::make_unique<ItemsObserver>(items.get());
  documents = std::make_unique<Documents>(database.get());
  log_groups = std::make_unique<LogGroups>(database.get());
  log_groups_observer = std::make_unique<cloudwatch::LogGroupsObserver>(log_groups.get());
  field_rows = std::make_unique<FieldRows>(database.get());
  SKEP_ASSIGN(field_catalogue, fields::Catalogue::Load(field_rows.get()));
  honeycomb_datasets =
      std::make_unique<honeycomb::Datasets>(documents.get(), field_catalogue.get());
  honeycomb_keys = std::make_unique<honeycomb::KnownKeys>(documents.get());
  fields_observer = std::make_unique<fields::FieldsObserver>(field_catalogue.get());
  project_fields = std::make_unique<fields::ProjectFields>(field_catalogue.get(), kProject);
  return {};
}

Status Instance::Impl::OpenStore(const ServeOptions& options) {
  EmbeddedOptions embedded;
  embedded.directory = In(options, "store");
  embedded.library_path = options.engine_library;
  SKEP_ASSIGN(store, OpenEmbeddedStore(embedded));
  SKEP_TRY(store->Migrate());
  promoter = std::make_unique<Promoter>(store.get());
  memory_keeper = std::make_unique<MemoryKeeper>(store.get());
  return {};
}

Status Instance::Impl::OpenSink(const ServeOptions& options) {
  SinkOptions sink_options;
  sink_options.directory = In(options, "journal");
  sink_options.durability = options.durability;
  Sink::Parts parts;
  parts.store = store.get();
  parts.counters = &counters;
  parts.decoders = DoorFormats();
  parts.decoders.emplace_back(WireFormat::kJoins, join::DecodeJoins);
  parts.observers = {items_observer.get(), log_groups_observer.get(), fields_observer.get(),
                     &join_observer};
  const int64_t started_ns = WallClockNs();
  SKEP_TRY(KnowFieldsOfEmptyStore());
  SKEP_ASSIGN(sink, Sink::Create(std::move(sink_options), std::move(parts)));
  const SinkStats stats = sink->Stats();
  if (stats.recovered_requests + stats.torn_bytes + stats.corrupt_entries != 0) {
    Log(LogLevel::kWarn, "app",
        "recovered {} acknowledged requests of the last run; cut {} torn bytes, set {} damaged "
        "entries aside",
        stats.recovered_requests, stats.torn_bytes, stats.corrupt_entries);
  }
  reader = std::make_unique<Reader>(store.get(), sink.get());
  if (!field_catalogue->complete()) {
    field_fill = std::make_unique<fields::CatalogueFill>(field_catalogue.get(), reader.get());
    field_fill->Start(started_ns);
  }
  query_runs = std::make_unique<QueryRuns>(reader.get(), project_fields.get());
  bubbleup_runs = std::make_unique<BubbleUpRuns>(
      BubbleUpParts{reader.get(), project_fields.get(), project_fields.get()});
  dependency_runs = std::make_unique<honeycomb::DependencyRuns>(reader.get());
  joiner = std::make_unique<join::Joiner>(join::JoinerOptions{}, &join_observer, sink.get(),
                                          reader.get());
  joiner->Start();
  return {};
}

// Else a version of Skep before the catalogue of fields may have stored rows.
Status Instance::Impl::KnowFieldsOfEmptyStore() {
  if (field_catalogue->complete()) return {};
  SKEP_ASSIGN(const StoreStats stored, store->Stats());
  if (stored.rows != 0) return {};
  field_catalogue->Fill({});
  return field_catalogue->Flush();
}

void Instance::Impl::RegisterRoutes() {
  RegisterDoors({&everything, &otlp, &xray}, Parts());
  ui::Parts page;
  page.reader = reader.get();
  page.items = items.get();
  page.documents = documents.get();
  page.field_catalogue = field_catalogue.get();
  page.field_types = project_fields.get();
  page.query_runs = query_runs.get();
  page.bubbleup_runs = bubbleup_runs.get();
  page.counters = &counters;
  page.sink = sink.get();
  page.addresses = [this] { return addresses; };
  page.datagrams_dropped = [this] { return server->UdpDropped(); };
  page.version = kVersion;
  ui::Register(everything, std::move(page));
  ui::StaticFiles().Register(everything);
  sql_endpoint::EndpointOptions sql;
  sql.refresh = [this] { return reader->Refresh(Freshness::kFresh, kBarrierDeadlineMs); };
  sql_endpoint::Register(clickhouse, *store, sql);
}

Result<uint16_t> Instance::Impl::ListenOn(const char* option, const char* name, const char* scheme,
                                          const net::ListenAddress& address,
                                          const net::Router* router) {
  const auto port = server->Listen(address, router);
  if (!port) {
    return Error(port.error().code,
                 fmt::format("cannot listen on {} ({}): {}", AddressText(address), option,
                             port.error().message),
                 port.error().detail);
  }
  addresses.emplace_back(name, scheme + AddressText({address.host, *port}));
  return *port;
}

// SDKs expect both sorts of the daemon's port under one number.
Status Instance::Impl::ListenXRay(const net::ListenAddress& address) {
  SKEP_ASSIGN(const uint16_t tcp_port, ListenOn("--xray", "xray_tcp", "http://", address, &xray));
  const net::ListenAddress same{address.host, tcp_port};
  const auto udp_port = server->ListenUdp(same, XRayDatagrams(Parts()));
  if (!udp_port) {
    return Error(udp_port.error().code,
                 fmt::format("cannot listen on {} UDP (--xray): {}", AddressText(same),
                             udp_port.error().message),
                 udp_port.error().detail);
  }
  addresses.emplace_back("xray_udp", AddressText(same));
  return {};
}

Status Instance::Impl::Listen(const ServeOptions& options) {
  SKEP_ASSIGN(server, net::Server::Create({}));
  SKEP_TRY(ListenOn("--http", "http", "http://", options.http, &everything));
  if (options.otlp_http)
    SKEP_TRY(ListenOn("--otlp-http", "otlp_http", "http://", *options.otlp_http, &otlp));
  if (options.otlp_grpc)
    SKEP_TRY(ListenOn("--otlp-grpc", "otlp_grpc", "http://", *options.otlp_grpc, &otlp));
  if (options.xray) SKEP_TRY(ListenXRay(*options.xray));
  if (options.clickhouse) {
    SKEP_TRY(ListenOn("--clickhouse", "clickhouse", "http://", *options.clickhouse, &clickhouse));
  }
  server->Start();
  return {};
}

Result<std::unique_ptr<Instance>> Instance::Create(const ServeOptions& options) {
  std::error_code failed;
  std::filesystem::create_directories(options.data, failed);
  if (failed) {
    return Error(Code::kFailedPrecondition,
                 fmt::format("cannot use the folder {}: {}", options.data, failed.message()));
  }
  auto impl = std::make_unique<Impl>();
  SKEP_ASSIGN(impl->folder_lock,
              FolderLock::Take(options.data,
                               fmt::format("the folder {} is in use by another Skep; stop it, or "
                                           "choose another folder with --data",
                                           options.data)));
  SKEP_TRY(impl->OpenCatalog(options));
  SKEP_TRY(impl->OpenStore(options));
  SKEP_TRY(impl->OpenSink(options));
  impl->RegisterRoutes();
  SKEP_TRY(impl->Listen(options));
  return std::unique_ptr<Instance>(new Instance(std::move(impl)));
}

Instance::Instance(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Instance::~Instance() { Shutdown(); }

const Addresses& Instance::addresses() const { return impl_->addresses; }

void Instance::Shutdown() {
  if (std::exchange(impl_->stopped, true)) return;
  if (impl_->server != nullptr) impl_->server->Shutdown(kShutdownGrace);
  if (impl_->joiner != nullptr) impl_->joiner->Stop();
  if (impl_->field_fill != nullptr) impl_->field_fill->Stop();
  impl_->query_runs.reset();
  impl_->bubbleup_runs.reset();
  impl_->dependency_runs.reset();
  if (impl_->sink != nullptr) impl_->sink->Shutdown();
  if (impl_->field_catalogue != nullptr)
    if (const Status written = impl_->field_catalogue->Flush(); !written)
      LogError("fields", written.error());
}

}  // namespace skep::app
