#!/usr/bin/env python3
"""House rules as a test: layers, forbidden arrows, core purity, sizes, banned words.

Reads the tracked tree, prints each breach as file:line: what, remedy; exits 1 when there is one.
The layer table is tests/tidy/layers.txt.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROBLEMS = []
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# Third-party headers and the only folders whose .cpp files may include them.
OWNERS = {
    r"^boost/json": ["shared/wire", "shared/sync", "agent/station", "agent/app", "agent/panel",
                     "agent/store", "server/api", "server/cli", "server/channels", "server/publish",
                     "server/store", "server/audit", "server/archive", "server/keeping", "server/rehearse", "server/app", "server/orders", "server/routing", "server/whatif",
                     "firmware-interfaces/contract", "tests"],
    r"^boost/(asio|beast)": ["shared/runtime", "firmware-interfaces/transports",
                             "firmware-interfaces/hub", "agent/panel", "agent/main", "server/http",
                             "server/web", "server/main", "tests"],
    r"^mqtt/": ["shared/runtime", "tests"],
    r"^sqlite3\.h": ["shared/sqlite", "tests"],
    r"^spdlog/": ["shared/runtime"],
    r"^curl/": ["shared/runtime", "server/cli", "tests"],
    r"^toml\+\+/": ["shared/config"],
    r"^sodium\.h": ["shared/base", "tests"],
    r"^openssl/": ["shared/base", "tests"],
    r"^csv\.h": ["server/imports"],
    r"^zstd\.h": ["shared/sync", "server/archive", "server/store", "tests"],
    r"^CLI/": ["server/cli", "shared/runtime", "tests"],
    r"^kainjow/": ["agent/labels"],
    r"^libserialport": ["firmware-interfaces/transports"],
    r"^alsa/": ["agent/panel", "agent/sound"],
}
# The core (layers 0 to 2): no clocks, threads, randomness of the system, environment.
CORE_BANNED = {
    r"_clock::now\b": "take `now` as a parameter (base::Instant)",
    r"\brandom_device\b": "take a base::Prng&",
    r"\bstd::uniform_\w+_distribution\b": "use base::Prng: distributions differ between libraries",
    r"\bstd::shuffle\b": "use base::Prng",
    r"\bstd::(thread|mutex|jthread|condition_variable)\b": "the core has one lane",
    r"\bgetenv\b": "configuration comes in as values",
}
EVERYWHERE_BANNED = {
    r"\bTODO\b|\bFIXME\b|\bXXX\b|\bHACK\b": "do it, or write it into the note",
    r"catch\s*\(\s*\.\.\.\s*\)\s*\{\s*\}": "no silent catch: return an Error",
    r"\bstd::format\b": "GCC 12 lacks it",
    # C++23 keeps what such a line's call returns until the loop ends; GCC 12 does not (P2718).
    r"\bfor \(.* : .*\)\.value\(\)[.)]": "give the call's result a name before the loop",
    r"\bauto&&? [\w\[\], ]+ = .*\)\.value\(\)[.;]": "take it by value: the call's result ends here",
}
SIZE_MAX = 600
TEST_SIZE_MAX = 800


def say(path, line, what):
    PROBLEMS.append(f"{path}:{line}: {what}")


def tracked():
    out = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [pathlib.PurePosixPath(p) for p in out.stdout.splitlines()]


def read_layers():
    layers, debts = {}, {}
    for n, text in enumerate((ROOT / "tests/tidy/layers.txt").read_text().splitlines(), 1):
        text = text.split("#")[0].strip()
        if not text:
            continue
        debt = re.match(r"debt (\S+) -> (\S+): (.+)", text)
        if debt:
            debts[(debt[1], debt[2])] = n
            continue
        layer, module = text.split()
        layers[module] = int(layer)
    return layers, debts


def module_of(path, layers):
    for parent in path.parents:
        if str(parent) in layers:
            return str(parent)
    return None


def check_arrow(path, n, mine, other, layers, debts, used):
    if mine == other:
        return
    if (mine, other) in debts:
        used.add((mine, other))
        return
    top, other_top = mine.split("/")[0], other.split("/")[0]
    if layers[other] > layers[mine]:
        say(path, n, f"{mine} (layer {layers[mine]}) includes {other} (layer {layers[other]}): "
                     "turn the arrow round, or move the code down")
    if {top, other_top} == {"agent", "server"}:
        say(path, n, "agent and server never include each other: what both need lives in shared/")
    if top == "shared" and other_top != "shared":
        say(path, n, f"shared/ includes {other_top}/: it must not know its users")
    for family in ("server/channels/", "firmware-interfaces/printers/",
                   "firmware-interfaces/scanners/"):
        if mine.startswith(family) and other.startswith(family) and "contract" not in other:
            say(path, n, f"{mine} includes {other}: siblings do not know each other")


# Written for .cpp files that own Boost.JSON themselves; see its first lines.
SHARED_JSON = {"shared/wire/json_visit.hpp"}


def check_third_party(path, n, header, test):
    if test:
        return
    for pattern, folders in OWNERS.items():
        if not re.match(pattern, header):
            continue
        place = str(path)
        if not any(place.startswith(f + "/") for f in folders):
            say(path, n, f"<{header}> is for {', '.join(folders)}")
        elif path.suffix in (".hpp", ".h") and not place.startswith("tests/") \
                and not is_private(path) and place not in SHARED_JSON:
            say(path, n, f"<{header}> in a header that others include: move it to a .cpp file")


def is_private(path):
    return "Private to" in (ROOT / path).read_text(errors="replace")[:400]


def check_source(path, layers, debts, used):
    text = (ROOT / path).read_text(errors="replace")
    lines = text.splitlines()
    mine = module_of(path, layers)
    if mine is None and path.parts[0] != "tests":
        say(path, 1, "this folder is missing in tests/tidy/layers.txt")
    test = path.parts[0] == "tests" or "_test" in path.name or "for_tests" in path.name
    limit = TEST_SIZE_MAX if test else SIZE_MAX
    if len(lines) > limit:
        say(path, limit, f"{len(lines)} lines; at most {limit}: split by idea")
    core = mine is not None and layers[mine] <= 2 and not test
    for n, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if found and found[1] == '"':
            target = pathlib.PurePosixPath(found[2])
            other = module_of(target, layers)
            if mine and other:
                check_arrow(path, n, mine, other, layers, debts, used)
            if mine and target.parts[0] == "tests" and not test:
                say(path, n, "product code includes tests/")
        elif found:
            check_third_party(path, n, found[2], test)
        if core:
            for pattern, remedy in CORE_BANNED.items():
                if re.search(pattern, line):
                    say(path, n, f"not in the core: {remedy}")
        for pattern, remedy in EVERYWHERE_BANNED.items():
            if re.search(pattern, line):
                say(path, n, remedy)


def check_cmake(files, layers):
    for path in files:
        if path.name != "CMakeLists.txt":
            continue
        found = re.search(r"dockline_module\(LAYER (\d+)", (ROOT / path).read_text())
        module = str(path.parent)
        if found and layers.get(module) != int(found[1]):
            say(path, 1, f"layer {found[1]} here, {layers.get(module)} in tests/tidy/layers.txt")
        if found and not (ROOT / path.parent / "README.md").exists() \
                and not (ROOT / path.parent.parent / "README.md").exists():
            say(path, 1, "no README.md here or one folder up")


def check_top(files):
    allowed = {"CMakeLists.txt", "CMakePresets.json", "agent", "server", "shared",
               "firmware-interfaces", "tests", "deploy", "README.md", "LICENSE"}
    for top in sorted({p.parts[0] for p in files}):
        if top not in allowed and not top.startswith("."):
            say(top, 1, "outside the agreed top level")


def main():
    files = tracked()
    layers, debts = read_layers()
    used = set()
    for path in files:
        vendored = "vendor" in path.parts or "node_modules" in path.parts
        if path.suffix in (".cpp", ".hpp", ".h") and not vendored and path.parts[0] != "deploy":
            check_source(path, layers, debts, used)
    for (mine, other), n in debts.items():
        if (mine, other) not in used:
            say("tests/tidy/layers.txt", n, f"debt {mine} -> {other} is not needed any more")
    check_cmake(files, layers)
    check_top(files)
    for problem in PROBLEMS:
        print(problem)
    print(f"tidy: {len(files)} files, {len(layers)} modules, {len(PROBLEMS)} problems")
    return 1 if PROBLEMS else 0


if __name__ == "__main__":
    sys.exit(main())
