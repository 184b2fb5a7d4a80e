// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/engine.h"

#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/guarded.h"
#include "store/embedded/dedup_log.h"
#include "store/embedded/engine_config.h"

namespace skep {
namespace {

// Global because the library is: it has one engine a process, whatever we do.
Guarded<std::weak_ptr<Engine>>& Running() {
  static Guarded<std::weak_ptr<Engine>> running;
  return running;
}

Error FileError(const std::string& path, const std::error_code& failed) {
  return {Code::kFailedPrecondition, "the store's folder cannot be used: " + path,
          failed.message()};
}

// Without a file of ours the engine would read a config.xml that happens to lie about.
Status WriteConfig(const std::string& path, const std::string& xml) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << xml;
  file.flush();
  if (!file) return FileError(path, std::make_error_code(std::errc::io_error));
  return {};
}

}  // namespace

Result<std::shared_ptr<Engine>> Engine::Open(const EmbeddedOptions& options) {
  std::error_code failed;
  std::filesystem::create_directories(options.directory, failed);
  if (failed) return FileError(options.directory, failed);
  const std::string directory = std::filesystem::canonical(options.directory, failed);
  if (failed) return FileError(options.directory, failed);
  return Running().With([&](auto& running) -> Result<std::shared_ptr<Engine>> {
    if (auto engine = running.lock()) {
      if (engine->directory_ == directory) return engine;
      return Error(Code::kFailedPrecondition, "this process has a store open in another folder");
    }
    SKEP_ASSIGN(const ChdbApi* api, ChdbApi::Load(options.library_path));
    SKEP_ASSIGN(FolderLock lock,
                FolderLock::Take(directory, "another process has the store open: " + directory));
    SKEP_TRY(RepairDedupLogs(directory + "/data"));
    const std::string users_path = directory + "/users.xml";
    SKEP_TRY(WriteConfig(users_path, EngineUsersXml()));
    SKEP_TRY(WriteConfig(directory + "/engine.xml", EngineConfigXml(options, users_path)));
    // Shared by the stores and by those who ask for the running one.
    std::shared_ptr<Engine> engine(new Engine(*api, directory, std::move(lock)));
    SKEP_ASSIGN(engine->anchor_, engine->Connect());
    running = engine;
    return engine;
  });
}

Result<std::unique_ptr<EngineConnection>> Engine::Connect(
    const std::vector<std::string>& settings) {
  std::vector<std::string> arguments = {"--config-file=" + directory_ + "/engine.xml",
                                        "--path=" + directory_ + "/data"};
  for (const std::string& setting : settings) arguments.push_back("--" + setting);
  return EngineConnection::Open(api_, std::move(arguments));
}

}  // namespace skep
