"""Installs what tests need, builds, and runs all tests or those named.

A name is a stage (support, unit, fuzz-replay, tidy, web, scenario, interop, e2e, bench), a folder of src/ (access, sfu/rtp: its unit and replay
tests), a scenario (S5), or part of a test file's name below tests/ (kick, bad_input). Without names everything runs. The last line counts.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import workshop  # noqa: E402
from workshop import ROOT, StepFailed, say  # noqa: E402

SANITIZED = "build/dev/conclave"
RELEASE = "build/release/conclave"
# One file may not hold up the rest: what hangs is ended and counted as failed.
FILE_LIMIT_SECONDS = 180


class Tally:
    def __init__(self):
        self.passed = self.failed = 0
        self.broken = []

    def add(self, stage, passed, failed):
        self.passed += passed
        self.failed += failed
        if failed:
            self.broken.append(stage)


def run(command, environment=None):
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})}).returncode


def ctest(*selection):
    """Runs ctest in build/dev; (passed, failed). That nothing fits the selection is a failure: a label with a typo would pass for ever."""
    log = ROOT / "build/ctest.log"
    command = ["ctest", "--test-dir", "build/dev", "--output-on-failure", f"-j{workshop.JOBS}", "--timeout", "300", "--no-tests=error", *selection]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as running:
        text = ""
        for line in running.stdout:
            print(line, end="", flush=True)
            text += line
    log.write_text(text)
    found = re.search(r"(\d+) tests? failed out of (\d+)", text)
    if not found:
        return 0, 1
    failed, total = int(found.group(1)), int(found.group(2))
    return total - failed, failed


def node_tests(name, files, environment=None, prefix=(), parallel=1):
    """Runs test files with node's runner; (passed, failed) as it counted."""
    if not files:
        return 0, 1
    report = ROOT / f"build/{name}.tap"
    report.unlink(missing_ok=True)
    command = [*prefix, "node", "--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap", f"--test-reporter-destination={report}"]
    known = subprocess.run(["node", "--help"], capture_output=True, text=True).stdout
    for option, value in (("--test-concurrency", parallel), ("--test-timeout", FILE_LIMIT_SECONDS * 1000)):
        if option in known:  # node 18 knows neither
            command.append(f"{option}={value}")
    code = run(command + [str(file) for file in files], environment)
    text = report.read_text(errors="replace") if report.exists() else ""
    counts = {word: int(number) for word, number in re.findall(r"^# (pass|fail|cancelled) (\d+)$", text, re.M)}
    failed = counts.get("fail", 0) + counts.get("cancelled", 0)
    return counts.get("pass", 0), failed or (1 if code else 0)


def files_of(folder, pattern=""):
    return sorted(file for file in (ROOT / "tests" / folder).rglob("*.test.mjs") if pattern in file.name)


# --- stages -----------------------------------------------------------------------------------------------------------


def need_dev(*targets):
    workshop.install("build", "test")
    workshop.build("dev", *targets)


def need_node():
    workshop.install("build", "run")
    workshop.node_modules("tests")


def need_browsers():
    workshop.install("build", "run", "test", "browser")
    workshop.node_modules("tests")
    workshop.build_server()
    workshop.build_web()


def stage_support():
    need_node()
    return node_tests("support", files_of("support"))


def stage_unit():
    need_dev()
    return ctest("-L", "unit")


def stage_fuzz_replay():
    need_dev()
    return ctest("-L", "fuzz-replay")


def stage_tidy():
    need_dev()
    passed, failed = ctest("-L", "tidy")
    stale = run([sys.executable, "tools/attacks.py", "--check"])
    return passed + (not stale), failed + bool(stale)


def stage_web():
    workshop.install("build", "run")
    workshop.node_modules("web")
    passed = failed = 0
    for script in ("check", "test"):
        if workshop.npm("web", "run", script, quiet=False):
            failed += 1
        else:
            passed += 1
    return passed, failed


def sanitized():
    need_dev("conclave")
    need_node()
    return {"CONCLAVE_BINARY": SANITIZED, "CONCLAVE_TEST_PATIENCE": os.environ.get("CONCLAVE_TEST_PATIENCE", "3")}


def stage_scenario(files=None):
    return node_tests("scenario", files or files_of("scenarios"), sanitized(), parallel=2)


def stage_interop(files=None):
    return node_tests("interop", files or files_of("interop"), sanitized())


def stage_e2e(files=None):
    need_browsers()
    environment = {"CONCLAVE_BINARY": RELEASE, "CONCLAVE_TEST_PATIENCE": os.environ.get("CONCLAVE_TEST_PATIENCE", "2")}
    return node_tests("e2e", files or files_of("e2e"), environment, prefix=("tests/support/in_namespace",))


def stage_bench(files=None):
    need_browsers()
    environment = {"CONCLAVE_BINARY": RELEASE, "CONCLAVE_LOAD_CLIENTS": os.environ.get("CONCLAVE_LOAD_CLIENTS", "40")}
    return node_tests("bench", files or files_of("load"), environment, prefix=("tests/support/in_namespace",))


STAGES = {
    "support": stage_support,
    "unit": stage_unit,
    "fuzz-replay": stage_fuzz_replay,
    "tidy": stage_tidy,
    "web": stage_web,
    "scenario": stage_scenario,
    "interop": stage_interop,
    "e2e": stage_e2e,
    "bench": stage_bench,
}
FOLDER_STAGES = {"scenarios": stage_scenario, "interop": stage_interop, "e2e": stage_e2e, "load": stage_bench, "support": None}


def folder_stage(name):
    """The unit and replay tests of one folder of src/."""
    target = name.strip("/").replace("/", "_")

    def stage():
        targets = [f"{target}_test"]
        fuzzers = [f"{target}_{file.stem}" for file in sorted((ROOT / "src" / name).glob("*_fuzz.cc"))]
        if not any((ROOT / "src" / name).glob("*_test.cc")):
            targets = []
        need_dev(*targets, *fuzzers)
        return ctest("-R", f"^{target}(_[a-z0-9_]+_fuzz)?$")

    return stage


def selected(names):
    """(title, function) for each name, or a StepFailed that says what would have fitted."""
    if not names:
        return list(STAGES.items())
    chosen = []
    for name in names:
        if name in STAGES:
            chosen.append((name, STAGES[name]))
        elif (ROOT / "src" / name).is_dir():
            chosen.append((name, folder_stage(name)))
        else:
            number = re.fullmatch(r"[sS](\d+)", name)
            pattern = f"s{int(number.group(1)):02d}_" if number else name.removesuffix(".test.mjs")
            found = False
            for folder, stage in FOLDER_STAGES.items():
                files = files_of(folder, pattern)
                if files and stage:
                    chosen.append((f"{name}: tests/{folder}", lambda stage=stage, files=files: stage(files)))
                    found = True
            if not found:
                raise StepFailed(f"no stage, folder of src/ or test file fits {name!r}. Stages: {', '.join(STAGES)}")
    return chosen


def body():
    parser = argparse.ArgumentParser(prog="./test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    stages = selected(parser.parse_args().names)
    tally, begun = Tally(), time.monotonic()
    workshop.build_folder()
    for title, stage in stages:
        since = time.monotonic()
        say(f"\n=== {title} {'=' * max(3, 100 - len(title))}")
        try:
            passed, failed = stage()
        except StepFailed as failure:
            say(str(failure))
            passed, failed = 0, 1
        tally.add(title, passed, failed)
        say(f"--- {title}: {passed} passed, {failed} failed, {time.monotonic() - since:.0f} s")
    say(f"\nAll stages: {time.monotonic() - begun:.0f} s" + (f"; failed in: {', '.join(tally.broken)}" if tally.broken else ""))
    say(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed or not tally.passed else 0


workshop.main(body)
