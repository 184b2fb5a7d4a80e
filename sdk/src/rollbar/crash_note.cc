// SPDX-License-Identifier: Apache-2.0
#include "rollbar/crash_note.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>

#include "stack/symbolizer.h"
#include "stack/unwind.h"

namespace skep::sdk::rollbar {
namespace {

constexpr size_t kMapBytesMax = 512 * 1024;
constexpr size_t kMappingsMax = 4096;

// Puts a line together in memory of its own and writes it: no allocation, no locale, no stdio.
class LineWriter {
 public:
  explicit LineWriter(int fd) : fd_(fd) {}
  LineWriter& Text(const char* text) {
    while (*text != '\0' && size_ < sizeof buffer_ - 1) buffer_[size_++] = *text++;
    return *this;
  }
  LineWriter& Number(int64_t value) {
    char digits[24];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits - 1, value);
    *end = '\0';
    return Text(digits);
  }
  LineWriter& Hex(uintptr_t value) {
    char digits[24];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits - 1, value, 16);
    *end = '\0';
    return Text("0x").Text(digits);
  }
  void End() {
    buffer_[size_++] = '\n';
    WriteAll(buffer_, size_);
    size_ = 0;
  }
  void WriteAll(const char* data, size_t size) const {
    while (size > 0) {
      const ssize_t written = write(fd_, data, size);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;  // the disk is full: the note has what it has
      data += written;
      size -= static_cast<size_t>(written);
    }
  }

 private:
  const int fd_;
  char buffer_[512];
  size_t size_ = 0;
};

void CopyMap(const LineWriter& line) {
  const int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (maps < 0) return;
  char buffer[4096];
  size_t copied = 0;
  while (copied < kMapBytesMax) {
    const ssize_t size = read(maps, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    line.WriteAll(buffer, static_cast<size_t>(size));
    copied += static_cast<size_t>(size);
  }
  close(maps);
}

std::string_view TakeLine(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

std::string_view TakeWord(std::string_view& line) {
  line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ')));
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  return word;
}

template <typename T>
T TakeNumber(std::string_view& line) {
  std::string_view word = TakeWord(line);
  int base = 10;
  if (word.starts_with("0x")) {
    word.remove_prefix(2);
    base = 16;
  }
  T value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  return error == std::errc() && end == word.data() + word.size() ? value : 0;
}

template <size_t N>
void CopyWord(char (&to)[N], std::string_view from) {
  const size_t size = std::min(from.size(), N - 1);
  std::memcpy(to, from.data(), size);
  to[size] = '\0';
}

void ReadFact(std::string_view line, CrashNote& note) {
  const std::string_view name = TakeWord(line);
  CrashFacts& facts = note.facts;
  if (name == "uuid") {
    CopyWord(facts.uuid, TakeWord(line));
  } else if (name == "time") {
    facts.time_seconds = TakeNumber<int64_t>(line);
  } else if (name == "process") {
    facts.pid = TakeNumber<int>(line);
    facts.tid = TakeNumber<int>(line);
    line.remove_prefix(std::min<size_t>(line.size(), 1));
    CopyWord(facts.thread, line);  // may have blanks
  } else if (name == "signal") {
    facts.signal = TakeNumber<int>(line);
    facts.code = TakeNumber<int>(line);
    facts.address = TakeNumber<uintptr_t>(line);
  } else if (name == "pc") {
    facts.pc = TakeNumber<uintptr_t>(line);
  } else if (name == "span") {
    CopyWord(facts.trace_id, TakeWord(line));
    CopyWord(facts.span_id, TakeWord(line));
  } else if (name == "frame" && note.frames.size() < StackTrace::kFramesMax) {
    note.frames.push_back(TakeNumber<uintptr_t>(line));
  }
}

// Before the frame that crashed stand the handler and what the kernel put between.
void DropHandlerFrames(CrashNote& note) {
  const uintptr_t pc = note.facts.pc;
  if (pc == 0) return;
  const auto at = std::find_if(note.frames.begin(), note.frames.end(),
                               [pc](uintptr_t frame) { return frame == pc || frame + 1 == pc; });
  if (at != note.frames.end()) {
    note.frames.erase(note.frames.begin(), at);
  } else {
    note.frames.insert(note.frames.begin(), pc);
  }
}

const Mapping* MappingOf(const std::vector<Mapping>& mappings, uintptr_t address) {
  for (const Mapping& mapping : mappings) {
    if (address >= mapping.begin && address < mapping.end) return &mapping;
  }
  return nullptr;
}

// Where the same place of the same file is in this process; 0 if it is not here or not the same.
uintptr_t Here(const std::vector<Mapping>& here, const Mapping& there, uint64_t file_offset,
               int64_t crashed_at) {
  struct stat status{};
  if (stat(there.path.c_str(), &status) != 0 || status.st_mtime > crashed_at) return 0;
  for (const Mapping& mapping : here) {
    if (mapping.path != there.path || mapping.identity != there.identity) continue;
    if (file_offset < mapping.offset || file_offset - mapping.offset >= mapping.end - mapping.begin)
      continue;
    return mapping.begin + (file_offset - mapping.offset);
  }
  return 0;
}

}  // namespace

void WriteCrashNote(int fd, const CrashFacts& facts) {
  LineWriter line(fd);
  line.Text("skep-crash 1").End();
  line.Text("uuid ").Text(facts.uuid).End();
  line.Text("time ").Number(facts.time_seconds).End();
  line.Text("process ")
      .Number(facts.pid)
      .Text(" ")
      .Number(facts.tid)
      .Text(" ")
      .Text(facts.thread)
      .End();
  line.Text("signal ")
      .Number(facts.signal)
      .Text(" ")
      .Number(facts.code)
      .Text(" ")
      .Hex(facts.address)
      .End();
  line.Text("pc ").Hex(facts.pc).End();
  if (facts.trace_id[0] != '\0')
    line.Text("span ").Text(facts.trace_id).Text(" ").Text(facts.span_id).End();
  std::array<uintptr_t, StackTrace::kFramesMax> frames;
  const size_t size = Unwind(frames, 0);
  for (size_t i = 0; i < size; ++i) line.Text("frame ").Hex(frames[i]).End();
  line.Text("maps").End();
  CopyMap(line);
}

std::vector<Mapping> ReadMappings(std::string_view text) {
  std::vector<Mapping> mappings;
  while (!text.empty() && mappings.size() < kMappingsMax) {
    std::string_view line = TakeLine(text);
    Mapping mapping;
    const std::string_view range = TakeWord(line);
    const std::string_view permissions = TakeWord(line);
    const std::string_view offset = TakeWord(line);
    mapping.identity = TakeWord(line);
    mapping.identity += " ";
    mapping.identity += TakeWord(line);
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ')));
    mapping.path = line;
    const size_t dash = range.find('-');
    if (dash == std::string_view::npos || permissions.find('x') == std::string_view::npos) continue;
    const auto hex = [](std::string_view digits, auto& value) {
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
      return error == std::errc() && end == digits.data() + digits.size();
    };
    if (!hex(range.substr(0, dash), mapping.begin) || !hex(range.substr(dash + 1), mapping.end) ||
        !hex(offset, mapping.offset) || mapping.begin >= mapping.end ||
        !mapping.path.starts_with('/')) {
      continue;
    }
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

std::optional<CrashNote> ReadCrashNote(std::string_view text) {
  if (TakeLine(text) != "skep-crash 1") return std::nullopt;
  CrashNote note;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (line == "maps") {
      note.mappings = ReadMappings(text);
      break;
    }
    ReadFact(line, note);
  }
  if (note.facts.uuid[0] == '\0' || note.facts.signal == 0) return std::nullopt;
  DropHandlerFrames(note);
  return note;
}

std::vector<StackFrame> ResolveFrames(const CrashNote& note) {
  std::ifstream file("/proc/self/maps", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::vector<Mapping> here = ReadMappings(text);
  std::vector<StackFrame> frames;
  for (const uintptr_t address : note.frames) {
    StackFrame unknown;
    unknown.address = address;
    const Mapping* there = MappingOf(note.mappings, address);
    if (there == nullptr) {
      frames.push_back(unknown);
      continue;
    }
    unknown.module = there->path;
    unknown.offset = address - there->begin + there->offset;
    const uintptr_t local = Here(here, *there, unknown.offset, note.facts.time_seconds);
    if (local == 0) {
      frames.push_back(unknown);
      continue;
    }
    for (StackFrame& frame : Symbolize({&local, 1})) frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace skep::sdk::rollbar
