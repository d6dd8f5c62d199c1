# Read by ./run, ./test and ./dev: sees to it that there is a Python 3, the one thing that their scripts cannot install themselves.
if ! command -v python3 >/dev/null 2>&1; then
  command -v apt-get >/dev/null 2>&1 || { echo "There is no python3 here, and no apt-get to install it: install Python 3.11 or newer." >&2; exit 1; }
  as_root=
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "There is no python3, and neither root nor sudo to install it. As root: apt-get install python3" >&2; exit 1; }
    as_root=sudo
  fi
  echo "Installing python3, in which the scripts of this project are written …"
  said=$( { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3; } 2>&1 </dev/null) || {
    echo "$said" | tail -n 15 >&2
    echo "apt-get could not install python3 (its last lines stand above)." >&2
    exit 1
  }
fi
