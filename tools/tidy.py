#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The fences of the house, checked in seconds: layers and rings, homes of third-party headers, file sizes, SPDX lines,
banned words, complete doors, and that every path named in a document exists. Prints each breach; exits 1 if there is one."""
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
CONFIG = tomllib.loads((ROOT / "tools/layers.toml").read_text())
LINES_MAX = 500
COLUMNS_MAX = 100
SPDX = "SPDX-License-Identifier: Apache-2.0"
SPDX_SUFFIXES = {".cc", ".h", ".py", ".ts", ".tsx", ".mjs", ".css", ".cmake", ".toml", ".sh", ".S"}
BANNED = {
    r"std::cout": "write to the log, or to stdout by fmt in app",
    r"(?<![_\w.])assert\(": "SKEP_CHECK is always on; assert is not",
    r"NOCOMMIT": "was not meant to be committed",
    r"\bTODO\b|\bFIXME\b": "do it, or say it in an issue",
}
DOC_PATH = re.compile(r"`((?:src|docs|tools|script|tests|web|examples|fuzz|bench|third_party|cmake|deploy|sdk)/[\w./-]+)`")

problems = []


def problem(path, text):
    problems.append(f"{path.relative_to(ROOT) if path.is_absolute() else path}: {text}")


def tracked_files():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def layer_of_include(include):
    """The layer that a file, named from src/, belongs to: a nested folder with a row of its own, else the first one."""
    parts = include.split("/")
    nested = "/".join(parts[:2])
    doors = parts[0] == "doors" and len(parts) > 2
    return nested if doors or nested in CONFIG["layers"] else parts[0]


def folder_of(path):
    return layer_of_include(str(path.relative_to(SRC)))


def check_layers(files):
    layers, tests = CONFIG["layers"], CONFIG["tests"]
    edges = {}
    for path in files:
        if SRC not in path.parents or path.suffix not in {".cc", ".h"} or path.parent == SRC:
            continue
        folder = folder_of(path)
        if folder.startswith("doors/golden"):
            continue
        if folder not in layers:
            problem(path, f"folder {folder} has no row in tools/layers.toml")
            continue
        allowed = set(layers[folder])
        test = path.name.endswith("_test.cc") or "conformance" in path.name or path.name.startswith("test_")
        if test:
            allowed |= set(tests.get(folder, [])) | set(tests.get(folder.split("/")[0], []))
        for include in re.findall(r'^#include "([^"]+)"', path.read_text(), re.M):
            target = layer_of_include(include)
            if not (SRC / include).exists():
                if not (ROOT / include).exists() and not include.endswith(".inc"):
                    problem(path, f"includes {include}, which is not written from src/")
                continue
            if target == folder or "*" in allowed:
                continue
            if target not in allowed:
                problem(path, f"{folder} may not include {target} ({include})")
            elif not test:
                edges.setdefault(folder, set()).add(target)
    find_ring(edges)


def find_ring(edges):
    done, walking = set(), []

    def visit(folder):
        if folder in walking:
            problem(pathlib.Path("src"), "ring: " + " -> ".join(walking[walking.index(folder):] + [folder]))
        elif folder not in done:
            walking.append(folder)
            for target in sorted(edges.get(folder, ())):
                visit(target)
            walking.pop()
            done.add(folder)

    for folder in sorted(edges):
        visit(folder)


def check_third_party(files):
    for path in files:
        if SRC not in path.parents or path.suffix not in {".cc", ".h"} or path.name.endswith("_test.cc"):
            continue
        inside = str(path.relative_to(SRC))
        for include in re.findall(r"^#include <([^>]+)>", path.read_text(), re.M):
            for prefix, homes in CONFIG["third_party"].items():
                if include.startswith(prefix) and not any(inside.startswith(home + "/") for home in homes):
                    problem(path, f"<{include}> is at home only in {', '.join(homes)}")


def check_text(files):
    for path in files:
        relative = str(path.relative_to(ROOT))
        code = path.suffix in SPDX_SUFFIXES or (path.parent.name == "script" and path.suffix == "")
        if not code or "/fixtures/" in relative or path.name.endswith(".d.ts"):
            continue
        text = path.read_text(errors="replace")
        lines = text.splitlines()
        if not any(SPDX in line for line in lines[:3]):
            problem(path, f"no '{SPDX}' in its first lines")
        if path.suffix in {".cc", ".h", ".py", ".ts", ".tsx"}:
            if len(lines) > LINES_MAX and relative not in CONFIG["long_files"]:
                problem(path, f"{len(lines)} lines; past {LINES_MAX} say why in tools/layers.toml")
        if path.suffix in {".cc", ".h"} and path.name != "tidy.py":
            for number, line in enumerate(lines, 1):
                for pattern, why in BANNED.items():
                    if re.search(pattern, line):
                        problem(path, f"line {number}: {pattern}: {why}")
                if len(line) > COLUMNS_MAX + 20:
                    problem(path, f"line {number}: {len(line)} columns")


def check_doors():
    for door in CONFIG["doors"]["complete"]:
        folder = SRC / "doors" / door
        if not (folder / "README.md").exists():
            problem(folder, "a door needs a README.md")
        if not list((ROOT / "tests/golden" / door).glob("**/*.txt")):
            problem(folder, f"a door needs golden cases in tests/golden/{door}")
        if not list((ROOT / "fuzz").glob(f"{door}_*fuzz.cc")):
            problem(folder, f"a door needs a fuzz target fuzz/{door}_..._fuzz.cc")


def check_documents(files):
    for path in files:
        if path.suffix != ".md":
            continue
        for name in DOC_PATH.findall(path.read_text()):
            if any(c in name for c in "*<") or "X" in name.split("/"):
                continue
            if not (ROOT / name.rstrip("/.")).exists() and not name.startswith("web/dist"):
                problem(path, f"names {name}, which does not exist")


def main():
    files = tracked_files()
    check_layers(files)
    check_third_party(files)
    check_text(files)
    check_doors()
    check_documents(files)
    print("\n".join(problems) if problems else "tidy: nothing to say")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
