"""The rules of the house, kept over the whole source: sizes, types, names, purity, docs."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sharewell.vocab.errors import every_error

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "sharewell"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
PURE = [
    path
    for path in MODULES
    if path.name in {"terms.py", "rules.py"} or path.parent.name in {"vocab", "rules"}
]
IMPURE = {"django", "duckdb", "httpx", "jinja2", "pyspark", "sqlite3", "random"}
BANNED_NAMES = {"common", "misc", "helpers", "utils", "manager", "service", "process", "data"}
HEAVY = {"duckdb", "pyarrow", "django", "splink", "numpy", "faker", "sqlglot", "cryptography"}


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}", node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_the_median_function_is_at_most_eight_lines_and_none_is_over_fifty():
    sizes = {name: length(node) for name, node in functions()}
    assert statistics.median(sizes.values()) <= 8
    assert [name for name, size in sizes.items() if size > 50] == []


def test_nine_functions_in_ten_are_at_most_twenty_five_lines():
    sizes = sorted(length(node) for _, node in functions())
    assert sizes[int(0.9 * len(sizes))] <= 25


def test_no_file_is_over_three_hundred_lines():
    long = [str(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 300]
    assert long == []


def test_every_function_is_fully_typed():
    untyped = [
        name
        for name, node in functions()
        if node.returns is None
        or any(
            arg.annotation is None
            for arg in (*node.args.args, *node.args.kwonlyargs)
            if arg.arg not in ("self", "cls")
        )
    ]
    assert untyped == []


def test_no_module_has_a_name_that_says_nothing():
    assert [str(path) for path in SOURCE.rglob("*") if path.stem in BANNED_NAMES] == []


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(SOURCE)))
def test_words_and_rules_are_pure(path: Path):
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module)
    assert {name for name in imported if name.split(".")[0] in IMPURE} == set()
    assert {name for name in imported if name.startswith(("sharewell.store", "sharewell.settings"))} <= (
        {name for name in imported if path.parent.name == "store"}
    )


def test_every_refusal_has_its_own_code_and_exit_code_and_is_in_the_docs():
    kinds = every_error()
    assert len({kind.code for kind in kinds}) == len(kinds) == len({kind.exit_code for kind in kinds})
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    missing = [kind.code for kind in kinds if f"| {kind.exit_code} | `{kind.code}` |" not in page]
    assert missing == []


def test_every_setting_is_in_the_docs():
    from sharewell.settings import PlaceSettings, StoreSettings

    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    names = [*PlaceSettings.model_fields, *StoreSettings.model_fields, "SHAREWELL_ROOT_KEY"]
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_model_field_says_its_sensitivity_and_how_long_it_is_kept():
    from django.apps import apps

    silent = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("sharewell.")
        for field in model._meta.fields
        if not field.auto_created and len(str(field.help_text)) < 10
    ]
    assert silent == []


def test_the_models_and_their_migrations_agree(django_db_blocker):
    from django.core.management import call_command

    with django_db_blocker.unblock():
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_help_does_not_pay_for_the_engines():
    code = (
        "import sys; from sharewell.cli import build_app; build_app();"
        f"print(sorted({HEAVY!r} & {{name.split('.')[0] for name in sys.modules}}))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_nobody_writes_to_the_terminal_but_the_commands():
    writers = [
        str(path.relative_to(SOURCE))
        for path in MODULES
        if re.search(r"\bprint\(|typer\.echo|sys\.std(out|err)\.write", path.read_text(encoding="utf-8"))
        and not path.name.endswith("commands.py")
        and path.name not in {"cli.py", "doctor.py", "show.py"}
    ]
    assert writers == []


def test_the_repository_names_no_machine_path_and_no_registry_host():
    # Spelled in halves, so that this file does not name what it looks for.
    words = re.compile("/" + r"work/|" + "bash" + r"_jobs|//" + r"(files|registry|deb|index)\.[a-z]+")
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True)
    named = []
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".png", ".ico", ".woff2"} or not path.is_file():
            continue
        if words.search(path.read_text(encoding="utf-8", errors="replace")):
            named.append(name)
    assert named == []


def test_only_the_releases_actions_module_imports_the_way_out():
    importers = [
        str(path.relative_to(SOURCE))
        for path in MODULES
        if re.search(
            r"releases\.deliver|from sharewell\.releases import .*deliver", path.read_text(encoding="utf-8")
        )
    ]
    assert importers == ["releases/actions.py"]


def test_every_module_that_security_names_is_there():
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z]+/[a-z_]+\.py)`", page)
    assert named
    assert [name for name in named if not (SOURCE / name).is_file() and not (ROOT / name).is_file()] == []
