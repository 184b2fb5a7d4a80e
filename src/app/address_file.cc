// SPDX-License-Identifier: Apache-2.0
#include "app/address_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "wire/json.h"

namespace skep::app {

Status WriteAddressFile(const std::string& path, const Addresses& addresses) {
  JsonWriter writer;
  writer.BeginObject();
  for (const auto& [name, url] : addresses) writer.Field(name, url);
  writer.EndObject();

  const std::string unfinished = path + ".part";
  std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
  out << writer.text() << '\n';
  out.close();
  if (!out)
    return Error(Code::kUnavailable, "cannot write " + unfinished + ": " + std::strerror(errno));
  std::error_code error;
  std::filesystem::rename(unfinished, path, error);
  if (error) return Error(Code::kUnavailable, "cannot write " + path + ": " + error.message());
  return {};
}

}  // namespace skep::app
