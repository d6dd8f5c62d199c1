"""What ./run, ./test and ./dev share: packages, builds with progress, and the question whether anything is stale. Python 3, no packages."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JOBS = os.cpu_count() or 2
NODE_MINIMUM = 18
SOURCES = {
    "server": ["CMakeLists.txt", "CMakePresets.json", "cmake", "src", "tools/replay_corpus.cc"],
    "web": ["web"],
}
IGNORED = {"node_modules", "dist", "__pycache__", ".git"}


class StepFailed(Exception):
    """A step that a person must look at; the message says what and, where possible, what to do."""


def say(text):
    print(text, flush=True)


# --- packages ---------------------------------------------------------------------------------------------------------


def packages(*sections):
    """The packages of these sections of tools/packages.txt, with their reasons."""
    wanted, section = {}, None
    for line in (ROOT / "tools/packages.txt").read_text().splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
        elif section in sections:
            name, _, reason = line.partition(" ")
            wanted[name] = reason.strip()
    return wanted


def node_version():
    """The major version of the node on the PATH, or 0."""
    if not shutil.which("node") or not shutil.which("npm"):
        return 0
    found = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    match = re.match(r"v(\d+)", found)
    return int(match.group(1)) if match else 0


def missing(names):
    """Those that dpkg does not report as installed. A package may have been installed for several architectures."""
    if not shutil.which("dpkg-query"):
        raise StepFailed("this is not a Debian system (there is no dpkg-query): install what tools/packages.txt lists by hand")
    shown = subprocess.run(["dpkg-query", "-W", "-f=${db:Status-Abbrev} ${Package}\n", *names], capture_output=True, text=True).stdout
    have = {line.split()[1] for line in shown.splitlines() if line.startswith("ii")}
    return [name for name in names if name not in have]


@contextlib.contextmanager
def services_left_alone(prefix):
    """While it lasts Debian's packages start no service (invoke-rc.d asks this file). `prefix`: how to become root."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    subprocess.run([*prefix, "sh", "-c", f"printf '#!/bin/sh\\nexit 101\\n' > {policy} && chmod 755 {policy}"], check=True)
    try:
        yield
    finally:
        subprocess.run([*prefix, "rm", "-f", policy], check=True)


def install(*sections, node=True):
    """Installs what is missing, saying what and why. Asks for nothing: as root directly, else through sudo."""
    wanted = packages(*sections)
    if node and node_version() < NODE_MINIMUM:
        wanted.update({"nodejs": "builds the web client", "npm": "fetches what the web client is made of"})
    lacking = missing(list(wanted))
    if not lacking:
        return
    say(f"Installing {len(lacking)} Debian packages:")
    for name in lacking:
        say(f"  {name:<22} {wanted[name]}")
    prefix = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            raise StepFailed("not root and no sudo here. As root: apt-get install " + " ".join(lacking))
        prefix = ["sudo"]
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    log = build_folder() / "apt.log"
    with log.open("wb") as output, services_left_alone(prefix):
        if "slapd" in lacking:
            # Without this the package makes a directory of its own and serves it; the tests start theirs by hand.
            subprocess.run([*prefix, "debconf-set-selections"], input=b"slapd slapd/no_configuration boolean true\n", stdout=output, stderr=subprocess.STDOUT)
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *lacking]):
            say("  " + " ".join(prefix + command[:2]) + " …")
            done = subprocess.run(prefix + quiet + command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
            if done.returncode:
                raise StepFailed(f"{' '.join(command[:2])} failed; {log} says:\n{tail(log)}")


# --- staleness --------------------------------------------------------------------------------------------------------


def fingerprint(paths):
    """Changes when any file below is edited, added or removed. Names, sizes and times only: a few hundred stats, some milliseconds."""
    digest = hashlib.sha256()
    for top in paths:
        path = ROOT / top
        if path.is_file():
            files = [path]
        else:
            files = []
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(name for name in folders if name not in IGNORED)
                files += [Path(folder) / name for name in sorted(names)]
        for file in files:
            try:
                state = file.stat()
            except FileNotFoundError:
                continue
            digest.update(f"{file.relative_to(ROOT)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def build_folder():
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    return folder


def is_fresh(stamp, paths, *results):
    file = build_folder() / f"{stamp}.stamp"
    return file.exists() and all((ROOT / result).exists() for result in results) and file.read_text() == fingerprint(paths)


def mark_fresh(stamp, state):
    (build_folder() / f"{stamp}.stamp").write_text(state)


# --- building ---------------------------------------------------------------------------------------------------------


def tail(log, lines=40):
    return "\n".join(Path(log).read_text(errors="replace").splitlines()[-lines:])


class Progress:
    """ninja's [n/m] as one line that is rewritten on a terminal, and as a line every tenth elsewhere."""

    def __init__(self, what):
        self.what, self.terminal, self.last, self.begun = what, sys.stdout.isatty(), -1, time.monotonic()

    def show(self, done, total):
        if self.terminal:
            sys.stdout.write(f"\r  {self.what} [{done}/{total}] {int(time.monotonic() - self.begun)} s ")
            sys.stdout.flush()
        elif done * 10 // max(total, 1) != self.last:
            self.last = done * 10 // max(total, 1)
            say(f"  {self.what} [{done}/{total}]")

    def end(self):
        seconds = time.monotonic() - self.begun
        if self.terminal:
            sys.stdout.write("\r\033[K")
        say(f"  {self.what}: {seconds:.0f} s")


def build(preset, *targets, jobs=JOBS):
    """Configures when needed and builds a CMake preset into build/<preset>."""
    folder = ROOT / "build" / preset
    log = build_folder() / f"{preset}.log"
    if not (folder / "build.ninja").exists():
        with log.open("wb") as output:
            done = subprocess.run(["cmake", "--preset", preset], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        if done.returncode:
            raise StepFailed(f"cmake --preset {preset} failed; {log} ends:\n{tail(log)}")
    progress = Progress(f"building {preset}")
    environment = {**os.environ, "NINJA_STATUS": "[%f/%t] "}
    command = ["ninja", "-C", str(folder), f"-j{jobs}", *targets]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    with log.open("a") as output:
        for line in running.stdout:
            output.write(line)
            counted = re.match(r"\[(\d+)/(\d+)\]", line)
            if counted:
                progress.show(int(counted.group(1)), int(counted.group(2)))
    code = running.wait()
    progress.end()
    if code:
        raise StepFailed(f"the build of {preset} failed; {log} ends:\n{tail(log, 60)}")


def npm(folder, *arguments, quiet=True):
    """npm in a folder of the project; its output is shown only when it fails, unless asked for."""
    command = ["npm", *arguments]
    if not quiet:
        return subprocess.run(command, cwd=ROOT / folder, stdin=subprocess.DEVNULL).returncode
    log = build_folder() / f"npm-{folder}-{arguments[0]}.log"
    with log.open("wb") as output:
        done = subprocess.run(command, cwd=ROOT / folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    if done.returncode:
        raise StepFailed(f"npm {' '.join(arguments)} in {folder}/ failed; {log} ends:\n{tail(log)}")
    return 0


def node_modules(folder):
    """`npm ci` when the lock file changed since the last time."""
    lock = [f"{folder}/package.json", f"{folder}/package-lock.json"]
    if is_fresh(f"modules-{folder}", lock, f"{folder}/node_modules"):
        return
    say(f"  npm ci in {folder}/ …")
    npm(folder, "ci", "--no-audit", "--no-fund")
    mark_fresh(f"modules-{folder}", fingerprint(lock))


def build_server(rebuild=False):
    """build/release/conclave, if its sources changed since it was built."""
    if not rebuild and is_fresh("server", SOURCES["server"], "build/release/conclave"):
        return False
    state = fingerprint(SOURCES["server"])
    if rebuild:
        shutil.rmtree(ROOT / "build/release", ignore_errors=True)
    build("release", "conclave")
    mark_fresh("server", state)
    return True


def build_web(rebuild=False):
    """web/dist, if its sources changed since it was built."""
    if not rebuild and is_fresh("web", SOURCES["web"], "web/dist/index.html"):
        return False
    state = fingerprint(SOURCES["web"])
    node_modules("web")
    say("  building the web client …")
    npm("web", "run", "build")
    mark_fresh("web", state)
    return True


def package_json(folder):
    return json.loads((ROOT / folder / "package.json").read_text())


def main(function):
    """Runs a script's body: a failed step is a sentence and exit 1, never a traceback."""
    try:
        sys.exit(function() or 0)
    except StepFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
