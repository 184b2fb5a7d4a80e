# SPDX-License-Identifier: Apache-2.0
# skep_linked_modules(FILE VARIABLE): the libraries named by `link: MODULE...` at the end of a comment's line of a source
# file, e.g. `// link: doors/otlp wire` (clang-format may have joined it to the line before). The benchmarks and fuzz targets say so in their own file, so that adding one needs no CMake.
# Without the line: base, wire, model, net and ingest.
function(skep_linked_modules file variable)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(STRINGS ${file} line REGEX "^// (.* )?link: " LIMIT_COUNT 1)
  if(NOT line)
    set(line "// link: base wire model net ingest")
  endif()
  string(REGEX REPLACE "^.*link: " "" line "${line}")
  string(REGEX REPLACE "[ ]+" ";" names "${line}")
  set(targets)
  foreach(name ${names})
    string(REPLACE "/" "_" target ${name})
    list(APPEND targets skep_${target})
  endforeach()
  set(${variable} ${targets} PARENT_SCOPE)
endfunction()
