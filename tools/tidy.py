#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The fences of the house, checked in seconds: layers and rings, homes of third-party headers, file sizes, SPDX lines,
banned words, complete doors, that every path named in a document exists, and that code in documents is code of a test. Prints each breach; exits 1 if there is one."""
import pathlib
import re
import subprocess
import sys
import textwrap
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


class Tree:
    """A source tree with a table of layers: the server's src/, or the library's sdk/src/ with its public headers."""

    def __init__(self, src, config, public=None):
        self.src, self.layers, self.tests, self.third_party = src, config["layers"], config["tests"], config["third_party"]
        self.headers = config.get("headers", {})
        self.public = public  # headers here are named from its parent's parent: skep/sdk/PART/x.h belongs to PART

    def __contains__(self, path):
        return path.suffix in {".cc", ".h"} and path.parent != self.src and \
            (self.src in path.parents or (self.public is not None and self.public in path.parents))

    def file_of(self, include):
        """The file that an include names; None if it is not in this tree."""
        roots = [self.src] + ([self.public.parent.parent] if self.public else [])
        return next((root / include for root in roots if (root / include).exists()), None)

    def layer_of(self, path):
        """The layer a file belongs to: a nested folder with a row of its own, else the first one; `api` for public headers of no part."""
        if self.public and self.public in path.parents:
            parts = path.relative_to(self.public).parts
            return parts[0] if len(parts) > 1 else self.headers.get(parts[0], "api")
        parts = path.relative_to(self.src).parts
        nested = "/".join(parts[:2])
        doors = parts[0] == "doors" and len(parts) > 2
        return nested if doors or nested in self.layers else parts[0]

    def allowed(self, path):
        folder = self.layer_of(path)
        allowed = set(self.layers[folder])
        if is_test(path):
            allowed |= set(self.tests.get(folder, [])) | set(self.tests.get(folder.split("/")[0], []))
        return allowed


def is_test(path):
    return path.name.endswith("_test.cc") or "conformance" in path.name or path.name.startswith("test_")


def check_layers(tree, files):
    edges = {}
    for path in files:
        if path not in tree:
            continue
        folder = tree.layer_of(path)
        if folder.startswith("doors/golden"):
            continue
        if folder not in tree.layers:
            problem(path, f"folder {folder} has no row in tools/layers.toml")
            continue
        allowed = tree.allowed(path)
        for include in re.findall(r'^#include "([^"]+)"', path.read_text(), re.M):
            file = tree.file_of(include)
            if file is None:
                if not (ROOT / include).exists() and not include.endswith(".inc"):
                    problem(path, f"includes {include}, which is not written from {tree.src.relative_to(ROOT)}/")
                continue
            target = tree.layer_of(file)
            if target == folder or target == "api" or "*" in allowed:
                continue
            if target not in allowed:
                problem(path, f"{folder} may not include {target} ({include})")
            elif not is_test(path):
                edges.setdefault(folder, set()).add(target)
    find_ring(tree, edges)


def find_ring(tree, edges):
    done, walking = set(), []

    def visit(folder):
        if folder in walking:
            problem(tree.src, "ring: " + " -> ".join(walking[walking.index(folder):] + [folder]))
        elif folder not in done:
            walking.append(folder)
            for target in sorted(edges.get(folder, ())):
                visit(target)
            walking.pop()
            done.add(folder)

    for folder in sorted(edges):
        visit(folder)


def check_third_party(tree, files):
    for path in files:
        if path not in tree or path.name.endswith("_test.cc"):
            continue
        inside = str(path.relative_to(tree.src)) if tree.src in path.parents else ""  # public headers are nobody's home
        for include in re.findall(r"^#include <([^>]+)>", path.read_text(), re.M):
            for prefix, homes in tree.third_party.items():
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


def check_snippets(files):
    """Code in a document after `<!-- snippet FILE NAME -->` is what stands between `// [NAME]` and `// [/NAME]` in FILE."""
    for path in files:
        if path.suffix != ".md":
            continue
        text = path.read_text()
        if "```cpp" in text:
            problem(path, "shows C++ that no test holds: indent it behind <!-- snippet FILE NAME -->")
        for file, name, shown in re.findall(r"<!-- snippet (\S+) (\S+) -->\n\n((?:    .*\n|\n)+)", text):
            source = ROOT / file
            marked = source.exists() and re.search(rf"// \[{name}\]\n(.*?)\n *// \[/{name}\]", source.read_text(), re.S)
            if not marked:
                problem(path, f"shows snippet {name} of {file}, which does not exist")
            elif textwrap.dedent(marked[1]).strip() != textwrap.dedent(shown).strip():
                problem(path, f"snippet {name} differs from {file}")


def main():
    files = tracked_files()
    for tree in (Tree(SRC, CONFIG), Tree(ROOT / "sdk/src", CONFIG["sdk"], public=ROOT / "sdk/include/skep/sdk")):
        check_layers(tree, files)
        check_third_party(tree, files)
    check_text(files)
    check_doors()
    check_documents(files)
    check_snippets(files)
    print("\n".join(problems) if problems else "tidy: nothing to say")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
