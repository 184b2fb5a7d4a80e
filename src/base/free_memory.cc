// SPDX-License-Identifier: Apache-2.0
#include "base/free_memory.h"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <span>

namespace skep {
namespace {

// The loader writes into the code of such an object: what it wrote stands in no file.
bool HasTextRelocations(const dl_phdr_info& object, std::span<const ElfW(Phdr)> segments) {
  for (const ElfW(Phdr) & segment : segments) {
    if (segment.p_type != PT_DYNAMIC) continue;
    const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(object.dlpi_addr + segment.p_vaddr);
    for (; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_TEXTREL) return true;
      if (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0) return true;
    }
  }
  return false;
}

// Never a segment that may be written, which what is read-only after relocation is part of.
int ForgetObject(dl_phdr_info* object, size_t /*size*/, void* /*nothing*/) {
  const std::span segments(object->dlpi_phdr, object->dlpi_phnum);
  if (HasTextRelocations(*object, segments)) return 0;
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  for (const ElfW(Phdr) & segment : segments) {
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const uintptr_t start = object->dlpi_addr + segment.p_vaddr;
    const uintptr_t begin = (start + page - 1) / page * page;
    const uintptr_t end = (start + segment.p_filesz) / page * page;
    // The system may refuse (pages that are locked, or its own): then they stay.
    if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void ReturnLargePieces() {
  // Setting either ends the allocator's own adjusting of both.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
}

void GiveBackFreeMemory() { malloc_trim(0); }

void ForgetMappedCode() { dl_iterate_phdr(ForgetObject, nullptr); }

}  // namespace skep
