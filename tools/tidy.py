#!/usr/bin/env python3
"""The tidy test: holds the sources against tools/layers.txt and the few rules that a machine can check (exit 1 if one is broken).

    tools/tidy.py            everything but compiling headers
    tools/tidy.py --headers  also compiles every header alone (uses g++; about a minute)
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SRC = os.path.join(ROOT, "src")
MAX_README_LINES = 40

# Folders without sockets, clocks, threads or exceptions (style: "pure").
PURE = ("xmpp", "xmpp/iq", "access", "room", "focus", "focus/jingle", "sfu", "sfu/rtp", "sfu/ice", "sfu/dtls", "sfu/srtp", "sfu/bwe")
FORBIDDEN = {
    r"\bthrow\b": "throws; what a peer can cause is a value",
    r"std::(recursive_|shared_)?mutex": "has a lock; needing one means that the object lives in the wrong place",
    r"(steady|system|high_resolution)_clock::now": "asks for the time; `now` is passed in",
    r"std::thread\b": "starts a thread",
    r"catch \(\.\.\.\)": "catches everything",
}


def sources(folder=SRC):
    for path, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".h", ".cc")):
                yield os.path.relpath(os.path.join(path, name), SRC)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def without_comments(text):
    return re.sub(r'//[^\n]*|"(?:[^"\\\n]|\\.)*"', lambda m: '""' if m.group().startswith('"') else "", text)


def load_layers():
    allowed = {}
    for line in read(os.path.join(ROOT, "tools", "layers.txt")).splitlines():
        line = line.split("#")[0].strip()
        if line:
            folder, names = line.split(":")
            allowed[folder.strip()] = names.split()
    return allowed


def includes(text):
    return re.findall(r'^#include "([^"]+)"', text, re.M)


def check_layers(texts, allowed):
    edges = {}
    for file, text in texts.items():
        folder = os.path.dirname(file)
        if not folder:
            continue  # main.cc sees everything
        if folder not in allowed:
            yield f"src/{file}: folder {folder} has no line in tools/layers.txt"
            continue
        for target in includes(text):
            to = os.path.dirname(target)
            if not os.path.exists(os.path.join(SRC, target)):
                yield f"src/{file}: includes {target}, which does not exist (paths begin below src/)"
            elif to != folder:
                if not file.endswith(("_test.cc", "_bench.cc", "_fuzz.cc")):
                    edges.setdefault(folder, set()).add(to)
                if "*" not in allowed[folder] and to not in allowed[folder]:
                    tests_may = file.endswith(("_test.cc", "_fuzz.cc", "_bench.cc"))
                    if not tests_may:
                        yield f"src/{file}: {folder} may not include {to} (tools/layers.txt)"
    yield from cycles(edges)


def cycles(edges):
    done, path = set(), []

    def visit(folder):
        if folder in path:
            yield "folders include each other: " + " -> ".join(path[path.index(folder):] + [folder])
            return
        if folder in done:
            return
        path.append(folder)
        for target in sorted(edges.get(folder, ())):
            yield from visit(target)
        path.pop()
        done.add(folder)

    for folder in sorted(edges):
        yield from visit(folder)


def check_orphans(texts):
    used = {target for file, text in texts.items() for target in includes(text) if target != file}
    by_others = {target for file, text in texts.items() for target in includes(text)
                 if os.path.splitext(file)[0] != os.path.splitext(target)[0]}
    for file in texts:
        if file.endswith(".h") and file not in (by_others | used):
            yield f"src/{file}: nobody includes it"


def check_purity(texts):
    for file, text in texts.items():
        if os.path.dirname(file) not in PURE or file.endswith(("_test.cc", "_bench.cc", "_fuzz.cc")):
            continue
        for number, line in enumerate(without_comments(text).splitlines(), 1):
            for pattern, why in FORBIDDEN.items():
                if re.search(pattern, line):
                    yield f"src/{file}:{number}: {why}"


def check_readmes(allowed):
    for folder in allowed:
        readme = os.path.join(SRC, folder, "README.md")
        if not os.path.exists(readme):
            yield f"src/{folder}: has no README.md"
        elif len(read(readme).splitlines()) > MAX_README_LINES:
            yield f"src/{folder}/README.md: more than {MAX_README_LINES} lines"
    for folder in allowed:
        if not os.path.isdir(os.path.join(SRC, folder)):
            yield f"tools/layers.txt: {folder} is not a folder of src/"


def tracked(ending):
    out = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard", f"*{ending}"],
                         capture_output=True, text=True, check=False)
    return [line for line in out.stdout.splitlines() if os.path.exists(os.path.join(ROOT, line))]


def check_links():
    for document in tracked(".md"):
        text = read(os.path.join(ROOT, document))
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if "://" in link or link.startswith("mailto:"):
                continue
            if not os.path.exists(os.path.normpath(os.path.join(ROOT, os.path.dirname(document), link))):
                yield f"{document}: links to {link}, which does not exist"


def check_references():
    """RFC 8445 and XEP-0045 are always written so, to be greppable."""
    wrong = re.compile(r"\b(RFC[-_]?\d{3,5}|XEP[ _]\d{4}|XEP\d{4})\b")
    for file in sources():
        for number, line in enumerate(read(os.path.join(SRC, file)).splitlines(), 1):
            comment = re.search(r"//(.*)", line)
            if comment and wrong.search(comment.group(1)):
                yield f"src/{file}:{number}: write references as \"RFC 8445\" and \"XEP-0045\""


def compile_alone(header):
    flags = ["-std=c++20", "-fsyntax-only", "-x", "c++", "-I", SRC, '-DCONCLAVE_VERSION="0"']
    probe = f'#include "{header}"\n'
    run = subprocess.run(["g++", *flags, "-"], input=probe, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        first = next((line for line in run.stderr.splitlines() if "error" in line), run.stderr[:200])
        return f"src/{header}: does not compile alone: {first}"
    return None


def check_headers(texts):
    headers = [file for file in texts if file.endswith(".h")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        yield from (problem for problem in pool.map(compile_alone, headers) if problem)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headers", action="store_true", help="also compile every header alone")
    arguments = parser.parse_args()
    texts = {file: read(os.path.join(SRC, file)) for file in sources()}
    allowed = load_layers()
    problems = [*check_layers(texts, allowed), *check_orphans(texts), *check_purity(texts), *check_readmes(allowed), *check_links(),
                *check_references()]
    if arguments.headers:
        problems += check_headers(texts)
    for problem in problems:
        print(problem)
    print(f"{len(texts)} sources, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
