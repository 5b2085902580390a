"""The two scripts at the root of Gradescope's zip; Gradescope runs both as root.

`setup.sh` runs once, when the image is built; `run_autograder` for every submission.
"""

import sys
from collections.abc import Collection

from kit.grading.autograders.gradescope_place import AUTOGRADER, VENV

TORCH_CPU = "https://download.pytorch.org/whl/cpu"

SETUP = """\
#!/usr/bin/env bash
# Installs Python and the pinned packages that grading needs, outside the folder of the tests.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
source=$(cd "$(dirname "${{BASH_SOURCE[0]}}")" && pwd)
venv=${{KIT_VENV:-{venv}}}
pythons=({pythons})

say() {{ printf 'setup: %s\\n' "$*" >&2; }}

# A finished release that the packages accept, with venv and pip, for users other than root too.
usable() {{
  local path
  path=$(command -v "$1") || return 1
  cd / && {{
    "$path" -c '
import ensurepip, sys, venv
sys.exit(sys.version_info.releaselevel != "final" or sys.version_info < {least})' &&
      setpriv --reuid=65534 --regid=65534 --clear-groups "$path" -c ''
  }} 2>/dev/null
}}

find_python() {{
  local name
  for name in "${{pythons[@]}}"; do
    if usable "$name"; then command -v "$name"; return; fi
  done
  return 1
}}

apt_python() {{
  local name
  for name in "${{pythons[@]}}"; do
    if apt-get install -y -qq --no-install-recommends "$name" "$name-venv" >/dev/null 2>&1 &&
      usable "$name"; then return; fi
  done
  return 1
}}

python=$(find_python) || {{
  say "looking for ${{pythons[*]}} among the system's packages"
  apt-get update -qq
  apt_python || {{
    say "looking for it in the deadsnakes archive"
    apt-get install -y -qq --no-install-recommends software-properties-common >/dev/null
    add-apt-repository -y ppa:deadsnakes/ppa >/dev/null
    apt-get update -qq
    apt_python
  }} || {{
    say "this image offers none of ${{pythons[*]}} that is {least} or later; choose Ubuntu 24.04"
    exit 1
  }}
  python=$(find_python)
}}

say "installing the pinned packages for $("$python" --version)"
umask 022
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check \\
  {index}-r "$source/requirements.txt"
chmod -R go= "$source"

say "trying what was installed"
cd /
env PYTHONPATH="$source" PYTHONSAFEPATH=1 PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" -s -c '
import {modules}
from kit import jail
print("isolation here:", jail.choose(None))'
"""

RUN = """\
#!/usr/bin/env bash
# Judges one submission. What is here is closed to all but root before student code can run.
set -u
umask 077
cd {root}/source || exit 1
mkdir -p {root}/results
chown -R 0:0 {root}/source && chown 0:0 {root}/results {root}/submission
chmod -R go= {root}/source && chmod 0700 {root}/source {root}/results {root}/submission
for file in {root}/run_autograder {root}/submission_metadata.json; do
  if [ -e "$file" ]; then chmod go= "$file"; fi
done

# Until there is a result, this stands in its place: it says that it is no mark.
cp unfinished.json {root}/results/.unfinished.json
mv {root}/results/.unfinished.json {root}/results/results.json

env -i HOME={root}/source LANG=C.UTF-8 PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \\
  PYTHONPATH={root}/source PYTHONSAFEPATH=1 PYTHONDONTWRITEBYTECODE=1 \\
  {venv}/bin/python -s -m kit.grading.autograders.gradescope_run
"""


def setup_script(
    frameworks: Collection[str], packages: Collection[str], least_python: tuple[int, ...]
) -> str:
    """`setup.sh`, which tries the frameworks once they are there; the Python used here is first."""
    own = f"python3.{sys.version_info.minor}"
    pythons = dict.fromkeys([own, "python3.11", "python3.12", "python3.13"])
    index = f"--extra-index-url {TORCH_CPU} " if "torch" in packages else ""
    judge = ["kit.grading.autograders.gradescope_judge", "kit.grading.judging.judge"]
    modules = [*judge, "otter.test_files", *frameworks]
    return SETUP.format(
        venv=VENV,
        pythons=" ".join(pythons),
        least=least_python,
        index=index,
        modules=", ".join(modules),
    )


def run_script() -> str:
    """`run_autograder`."""
    return RUN.format(root=AUTOGRADER, venv=VENV)
