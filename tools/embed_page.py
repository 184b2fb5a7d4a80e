#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed_page.py DIST OUT: writes OUT/page_files.S and OUT/page_files.inc, which build the page's files into the server.

Each file goes in as it is, as gzip and as brotli, where that makes it smaller; src/ui/static_files.h serves them. The same
files give the same output.
"""
import gzip
import hashlib
import pathlib
import subprocess
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".map": "application/json",
}


def brotli(data):
    return subprocess.run(["brotli", "--stdout", "--best", "-"], input=data, capture_output=True, check=True).stdout


def encodings(data):
    """(suffix, bytes) of the file's forms: the compressed ones are empty where they save nothing."""
    yield "identity", data
    for suffix, packed in (("gzip", gzip.compress(data, 9, mtime=0)), ("brotli", brotli(data))):
        yield suffix, packed if len(packed) < len(data) else b""


def main():
    dist, out = map(pathlib.Path, sys.argv[1:])
    blobs = out / "page"
    blobs.mkdir(parents=True, exist_ok=True)
    assembly = ["    .section .rodata"]
    rows, symbols = [], []
    for number, path in enumerate(sorted(path for path in dist.rglob("*") if path.is_file())):
        if path.suffix not in TYPES:
            sys.exit(f"{path}: no content type known for it")
        data = path.read_bytes()
        fields = []
        for suffix, content in encodings(data):
            blob = blobs / f"{number}.{suffix}"
            blob.write_bytes(content)
            name = f"skep_page_{number}_{suffix}"
            assembly += [f"    .global {name}", f"    .global {name}_end", "    .balign 16", f"{name}:",
                         f'    .incbin "{blob.resolve()}"', f"{name}_end:"]
            symbols += [f"extern const char {name}[];", f"extern const char {name}_end[];"]
            fields.append(f"{{{name}, {name}_end}}")
        url = "/" + path.relative_to(dist).as_posix()
        etag = hashlib.sha256(data).hexdigest()[:20]
        rows.append(f'    {{"{url}", "{TYPES[path.suffix]}", "\\"{etag}\\"", {", ".join(fields)}}},')
    assembly.append('    .section .note.GNU-stack,"",@progbits')
    (out / "page_files.S").write_text("\n".join(assembly) + "\n")
    (out / "page_files.inc").write_text("\n".join(['extern "C" {', *symbols, "}", "const EmbeddedFile kPageFiles[] = {", *rows,
                                                   "};"]) + "\n")


if __name__ == "__main__":
    main()
