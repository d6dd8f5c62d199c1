"""The developer's verbs. `./dev VERB --help` tells more of each."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import workshop  # noqa: E402
from workshop import ROOT, StepFailed, say  # noqa: E402


def call(command, environment=None):
    return subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **(environment or {})}).returncode


def cpp_files():
    return sorted(file for suffix in ("*.h", "*.cc") for file in (ROOT / "src").rglob(suffix))


def verb_build(options):
    workshop.install("build", "test")
    workshop.build(options.preset, *options.targets)


def verb_test(options):
    os.execv(ROOT / "test", [str(ROOT / "test"), *options.names])


def verb_scene(options):
    if not options.name:
        for file in sorted((ROOT / "tests/scenarios").glob("*.test.mjs")):
            say(file.name.removesuffix(".test.mjs"))
        return 0
    return call([ROOT / "test", options.name])


def fuzz_targets():
    """name → (build target, corpus folder), as cmake/Conclave.cmake names them."""
    found = {}
    for file in sorted((ROOT / "src").rglob("*_fuzz.cc")):
        folder = "_".join(file.parent.relative_to(ROOT / "src").parts)
        name = file.stem.removesuffix("_fuzz")
        found[name] = (f"{folder}_{file.stem}", ROOT / "tests/corpus" / name)
    return found


def verb_fuzz(options):
    targets = fuzz_targets()
    if not options.target:
        say("Targets: " + (", ".join(targets) or "none yet"))
        return 0
    if options.target not in targets:
        raise StepFailed(f"no fuzz target {options.target!r}. Targets: {', '.join(targets)}")
    target, corpus = targets[options.target]
    workshop.install("build", "test")
    workshop.build("fuzz", target)
    corpus.mkdir(parents=True, exist_ok=True)
    found = ROOT / "build/fuzz-found" / options.target
    found.mkdir(parents=True, exist_ok=True)
    binary = next((ROOT / "build/fuzz").rglob(target))
    say(f"New inputs go to {found.relative_to(ROOT)}; a crash is written there as crash-…: copy it into {corpus.relative_to(ROOT)} and it is replayed for ever.")
    return call([binary, f"-max_total_time={options.seconds}", f"-artifact_prefix={found}/", "-print_final_stats=1", found, corpus])


def verb_bench_signalling(_options):
    workshop.install("build", "run", "test", "peer")
    workshop.build("release", "conclave")
    workshop.node_modules("tests")
    return call(["node", "tests/load/signalling.mjs"], {"CONCLAVE_BINARY": "build/release/conclave"})


def verb_bench_sfu(_options):
    workshop.install("build", "run", "test", "peer")
    workshop.build("release", "conclave", "sfu_load")
    workshop.node_modules("tests")
    return call(["tests/support/in_namespace", "node", "tests/load/sfu.mjs"], {"CONCLAVE_BINARY": "build/release/conclave"})


def verb_bench(options):
    if options.what:
        return {"signalling": verb_bench_signalling, "sfu": verb_bench_sfu}[options.what](options)
    workshop.install("build", "run", "test", "browser")
    workshop.build("release")
    workshop.mark_fresh("server", workshop.fingerprint(workshop.SOURCES["server"]))
    workshop.build_web()
    workshop.node_modules("tests")
    worst = 0
    for binary in sorted(file for file in (ROOT / "build/release").rglob("*_bench") if file.is_file() and os.access(file, os.X_OK)):
        say(f"\n{binary.name}")
        worst |= call([binary])
    say("")
    environment = {"CONCLAVE_BINARY": "build/release/conclave"}
    for file in ("joins", "memory", "first_frame"):
        worst |= call(["tests/support/in_namespace", "node", f"tests/load/{file}.mjs"], environment)
    return worst


def verb_tidy(options):
    workshop.install("build", "test")
    code = call([sys.executable, ROOT / "tools/tidy.py"]) if (ROOT / "tools/tidy.py").exists() else 0
    if options.clang:
        workshop.build("clang", "help") if not (ROOT / "build/clang/build.ninja").exists() else None
        files = [file for file in cpp_files() if file.suffix == ".cc" and (not options.paths or any(str(file.relative_to(ROOT)).startswith(path) for path in options.paths))]
        code |= call(["clang-tidy", "-p", "build/clang", "--quiet", *files])
    return code


def verb_format(options):
    workshop.install("test")
    command = ["clang-format", "--dry-run", "--Werror"] if options.check else ["clang-format", "-i"]
    return call([*command, *cpp_files()])


def verb_trace(_options):
    say(
        """Following a packet by a tool of our own: not yet. What there is today:
  docs/life-of-a-packet.md             the way from socket to socket, with file and function
  ./run --log-level debug              each endpoint's ICE, DTLS and SRTP changes of state
  GET /metrics                         packets received, dropped (by reason), forwarded
  tcpdump -i any -w x.pcap udp port N  the datagrams themselves, N from the line "listening … udp=N" (SRTP stays encrypted)"""
    )


def body():
    parser = argparse.ArgumentParser(prog="./dev", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name, function, text):
        made = verbs.add_parser(name, help=text, description=text)
        made.set_defaults(run=function)
        return made

    build = verb("build", verb_build, "build a preset (dev, release, tsan, clang, fuzz), all of it or some targets")
    build.add_argument("preset", nargs="?", default="dev")
    build.add_argument("targets", nargs="*")
    verb("test", verb_test, "the same as ./test").add_argument("names", nargs="*")
    verb("scene", verb_scene, "play one scenario (S5, kick, …); without a name list them").add_argument("name", nargs="?")
    fuzz = verb("fuzz", verb_fuzz, "build a fuzz target with clang and run it; without a target list them")
    fuzz.add_argument("target", nargs="?")
    fuzz.add_argument("seconds", nargs="?", type=int, default=60)
    bench = verb("bench", verb_bench, "build release and print every benchmark's figures; `signalling`: one large room, beside Prosody; `sfu`: packets forwarded, beside Janus")
    bench.add_argument("what", nargs="?", choices=["signalling", "sfu"], help="this one alone")
    tidy = verb("tidy", verb_tidy, "the tidy test; with --clang also clang-tidy")
    tidy.add_argument("--clang", action="store_true")
    tidy.add_argument("paths", nargs="*", help="only below these, such as src/room")
    verb("format", verb_format, "format the C++ sources in place").add_argument("--check", action="store_true", help="change nothing, fail if something would")
    verb("trace", verb_trace, "how to follow a packet through the server")
    options = parser.parse_args()
    return options.run(options)


workshop.main(body)
