#!/usr/bin/env python3
"""docs/attacks.md: every attack of the reference, the tests that play it, and what the server answered.

A test plays attack 7 if its title has the word A7 (scenarios, end to end), or its name ends in or holds _A7 (unit tests). What the server answered
comes from the lines "answered A7: …" that tests print (tests/support/answers.mjs), as the last run of ./test left them in build/*.tap.

  tools/attacks.py --write    makes the page from the last run
  tools/attacks.py --check    fails if an attack has no test, or if the page does not name the test files of today
"""

import argparse
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/attacks.md"

# number → (what is tried, what must come of it), in short; the whole text is in the reference.
ATTACKS = {
    1: ("unsigned tokens, alg none in any spelling", "refused at SASL"),
    2: ("HS256 with the RSA public key as secret", "refused at SASL"),
    3: ("algorithms and keys that do not belong together, short keys, JWK for encryption", "refused at SASL, or the key is refused at the start"),
    4: ("keys brought along in the header: jwk, jku, x5u, x5c; unknown crit", "ignored; crit refused"),
    5: ("tokens of odd shape: dots, padding, duplicate keys, depth, size, numbers", "refused at SASL in bounded time"),
    6: ("claims missing, audiences, another issuer's key", "by settings; across issuers refused"),
    7: ("hostile kid: paths, URLs, length, NUL, a new one each time", "hashed, remembered, limited"),
    8: ("a key server that is down, slow, empty, wrong, or has withdrawn the key", "refused, others unaffected"),
    9: ("weak or published secrets", "the start is refused or warns"),
    10: ("replay in another browser, and after revocation", "allowed by design; refused after revocation"),
    11: ("clock: exp and nbf at their exact bounds", "exact"),
    12: ("timing of the HMAC comparison", "constant time"),
    13: ("room claims as hostile patterns", "bounded, whole name, never wider"),
    14: ("claims of a wrong type", "refused or ignored, no crash"),
    15: ("secrets in logs, metrics, errors, listings, crash output", "absent everywhere"),
    16: ("duplicate and oddly spelt parameters", "one rule: the first, or refused"),
    17: ("odd Authorization headers", "ignored or refused"),
    18: ("stolen or planted session-id", "worthless without its machine; rotated"),
    19: ("another session's previd", "no identity is taken over"),
    20: ("garbage token on the guest domain, or beside PLAIN", "refused, never a token holder"),
    21: ("ticket after logout, after a restart, from two tabs", "one answer"),
    22: ("a WebSocket from a foreign page, with cookies", "no cookie carries authority"),
    23: ("scope tricks with brackets and slashes", "refused"),
    24: ("names that look alike", "one canonical form everywhere"),
    25: ("reserved names and nicks", "no gate is skipped"),
    26: ("tenants that contradict each other", "refused"),
    27: ("a request with a token for another room; a thousand requests", "nothing started"),
    28: ("rooms made by hand, without request", "refused"),
    29: ("breakout addresses as a way around", "refused"),
    30: ("a forged token in the conference request", "ignored"),
    31: ("ways around the booking server", "one booking, closed on failure"),
    32: ("affiliation changes by those who may not", "refused whole"),
    33: ("the owner form: hidden and foreign fields", "moderators only, known fields only"),
    34: ("forged children in presence", "stripped or replaced"),
    35: ("forged json-messages, polls, reactions", "the sender is set by the server"),
    36: ("moderators against hosts, and each other at once", "hosts stay; deterministic"),
    37: ("recording by a maker's missing feature, or by a feature alone", "refused"),
    38: ("visitors who send, promote themselves, walk into the main room", "refused"),
    39: ("the kicked one comes back: at once, other nick, tab, ticket, device", "as KICKED says"),
    40: ("election games", "never a waiter; the ghost only for the grace"),
    41: ("a waiter reads the room", "nothing to read"),
    42: ("admission by those who may not admit", "refused"),
    43: ("floods of knocks, hostile names", "limited, cleaned"),
    44: ("guessing the room password", "slowed and counted on all paths"),
    45: ("reading the room password", "absent everywhere"),
    46: ("password or lobby switched on in the very moment of a join", "gates in order, no window"),
    47: ("a guest who calls himself recorder", "refused"),
    48: ("guessing account passwords, finding account names, PLAIN without TLS", "slowed, equal answers, refused"),
    49: ("LDAP: injection, empty password, referral, wrong certificate, a server that hangs", "escaped, refused, verified, nobody held up"),
    50: ("published or shared service passwords, service accounts from outside", "the start or the login is refused"),
    51: ("the admin API without its token, from another origin, by path tricks", "refused"),
    52: ("a booking server that is down, slow, or says nonsense", "stated policy, closed by default"),
    53: ("hostile XML", "the stream ends"),
    54: ("settings with typos", "named with file, line and remedy; never a weaker policy"),
    55: ("two nodes, clocks, restarts", "one answer; safe"),
}

NUMBER = re.compile(r"(?<![A-Za-z0-9])A([1-9][0-9]?)(?![0-9A-Za-z])")


def titles_in_source(file):
    """The numbers that the titles of a test file name."""
    text = file.read_text(errors="replace")
    if file.suffix == ".cc":
        names = re.findall(r"TEST(?:_F|_P)?\(\s*\w+,\s*(\w+)", text)
        return {int(n) for name in names for n in re.findall(r"_A([1-9][0-9]?)(?=_|$)", name)}
    titles = re.findall(r"""(?:test|it|attack)\(\s*(['"`])((?:\\.|(?!\1).)*)\1""", text, re.S)
    return {int(n) for _, title in titles for n in NUMBER.findall(title)}


def files_by_attack():
    found = {number: [] for number in ATTACKS}
    tests = [*(ROOT / "tests").glob("*/*.test.mjs"), *(ROOT / "src").rglob("*_test.cc")]
    for file in sorted(tests):
        for number in titles_in_source(file):
            if number in found:
                found[number].append(str(file.relative_to(ROOT)))
    return found


def last_run():
    """number → (checks that passed, checks that failed, answers) of the last runs."""
    seen = {number: [0, 0, []] for number in ATTACKS}
    for report in sorted((ROOT / "build").glob("*.tap")):
        for line in report.read_text(errors="replace").splitlines():
            said = re.match(r"\s*# answered A(\d+): (.*)", line)
            if said and int(said.group(1)) in seen:
                answers = seen[int(said.group(1))][2]
                if said.group(2) not in answers:
                    answers.append(said.group(2))
                continue
            result = re.match(r"\s*(not ok|ok) \d+ - (.*)", line)
            if result:
                for number in {int(n) for n in NUMBER.findall(result.group(2))} & seen.keys():
                    seen[number][0 if result.group(1) == "ok" else 1] += 1
    return seen


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def page():
    files, runs = files_by_attack(), last_run()
    lines = [
        "# Attacks",
        "",
        "Generated by `tools/attacks.py --write` from the last run of `./test`; do not edit. Each row is an attack of the project's reference, the tests that",
        "play it against the running server (scenarios) or the code (unit tests), and what the server said.",
        "",
        "| | what is tried | what must come of it | played by | what the server answered |",
        "|---|---|---|---|---|",
    ]
    for number, (tried, outcome) in ATTACKS.items():
        passed, failed, answers = runs[number]
        played = "<br>".join(f"`{file}`" for file in files[number]) or "**nobody yet**"
        verdict = f"{passed} checks held" + (f", **{failed} did not**" if failed else "") if passed or failed else "unit tests only" if files[number] else "–"
        said = "; ".join(cell(answer) for answer in answers[:3])
        lines.append(f"| A{number} | {tried} | {outcome} | {played} | {verdict}{': ' + said if said else ''} |")
    return "\n".join(lines) + "\n"


def check():
    problems = []
    files = files_by_attack()
    text = PAGE.read_text() if PAGE.exists() else ""
    rows = {int(n): row for n, row in re.findall(r"^\| A(\d+) \|(.*)$", text, re.M)}
    for number in ATTACKS:
        row = rows.get(number, "")
        named = sorted(re.findall(r"`([^`]+\.(?:mjs|cc))`", row))
        if named != sorted(files[number]):
            problems.append(f"A{number}: docs/attacks.md names {named or 'no test'}, the sources have {files[number] or 'none'}")
        if not files[number] and "nobody yet" not in row:
            problems.append(f"A{number} has no test, and the page does not say so")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verb = parser.add_mutually_exclusive_group(required=True)
    verb.add_argument("--write", action="store_true")
    verb.add_argument("--check", action="store_true")
    if parser.parse_args().write:
        PAGE.write_text(page())
        print(f"{PAGE.relative_to(ROOT)}: {sum(1 for files in files_by_attack().values() if files)} of {len(ATTACKS)} attacks are played")
        return 0
    problems = check()
    for problem in problems:
        print(problem)
    if problems:
        print("Run ./test, then tools/attacks.py --write.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
