"""The gate's own house rules: no SQL made of text, one way out, nothing but trees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sharewell.releases

FOLDER = Path(sharewell.releases.__file__).parent
MODULES = sorted(FOLDER.glob("*.py"))
SQL = re.compile(r"\b(SELECT|FROM|WHERE|JOIN|GROUP BY|ORDER BY|INSERT|CREATE|DROP)\b")
PARSERS = {"parse_one", "parse", "maybe_parse", "condition", "expand", "raw_sql", "to_column"}
SOURCE = FOLDER.parent


def texts(node: ast.AST) -> Iterator[str]:
    """Every piece of text under a node."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def docstrings(tree: ast.AST) -> set[int]:
    """The constants that are docstrings, by identity."""
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_text_in_the_gate_is_sql(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = docstrings(tree)
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
        if SQL.search(node.value)
    ]
    assert found == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_sql_is_joined_from_pieces(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        joins = isinstance(node, ast.JoinedStr | ast.BinOp) or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"format", "join"}
        )
        if joins:
            assert not any(SQL.search(text) for text in texts(node)), ast.unparse(node)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_text_is_parsed_into_sql(path: Path) -> None:
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    assert not called & PARSERS


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_query_is_never_given_as_text(path: Path) -> None:
    """The builders that would parse a string are never handed one."""
    builders = {"select", "from_", "where", "join", "group_by", "order_by", "create", "fetch", "stream"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in builders:
            queries = node.args[-1:] if node.func.attr == "create" else node.args
            texts_given = [item for item in queries if isinstance(item, ast.Constant | ast.JoinedStr)]
            assert not any(not isinstance(getattr(item, "value", ""), bool) for item in texts_given)


def test_only_the_actions_deliver() -> None:
    users = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"import deliver\b|releases\.deliver\b", path.read_text(encoding="utf-8"))
    ]
    assert users == ["releases/actions.py"]
