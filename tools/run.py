"""Builds what is stale and starts Conclave. On a fresh Debian 12 machine it first installs the packages it needs (as root or with sudo)."""

import argparse
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import workshop  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(prog="./run", description=__doc__, epilog="Every other option goes to `conclave serve` as it is; settings may also stand in the environment or in ./.env.")
    parser.add_argument("--http-port", metavar="N", help="port for plain HTTP (8000)")
    parser.add_argument("--https-port", metavar="N", help="port for HTTPS (8443)")
    parser.add_argument("--no-https", action="store_true", help="plain HTTP only; browsers then give camera and microphone on localhost alone")
    parser.add_argument("--data", metavar="DIR", help="certificate, token secret and state (CONCLAVE_DATA, else ./data)")
    parser.add_argument("--build-only", action="store_true", help="install and build, but do not start")
    parser.add_argument("--rebuild", action="store_true", help="build everything anew")
    return parser.parse_known_args()


def prepare(rebuild):
    fresh = workshop.is_fresh("server", workshop.SOURCES["server"], "build/release/conclave") and workshop.is_fresh("web", workshop.SOURCES["web"], "web/dist/index.html")
    if fresh and not rebuild:
        return
    workshop.install("build", "run")
    workshop.build_server(rebuild)
    workshop.build_web(rebuild)


def body():
    options, passed = arguments()
    prepare(options.rebuild)
    if options.build_only:
        workshop.say("Built. ./run starts it.")
        return
    command = [str(workshop.ROOT / "build/release/conclave"), "serve"]
    if options.data:
        command += ["--data", str(Path(options.data).resolve())]
    for name in ("http_port", "https_port"):
        if getattr(options, name):
            command += ["--" + name.replace("_", "-"), getattr(options, name)]
    if options.no_https:
        command.append("--no-https")
    os.chdir(workshop.ROOT)  # ./.env and ./data are the project's, wherever ./run was called from
    sys.stdout.flush()
    os.execv(command[0], command + passed)


workshop.main(body)
