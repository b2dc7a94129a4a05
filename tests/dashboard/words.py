"""Finds every Chinese text that dashboard code can show: literals in Python, say(...) in templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import dashboard

ROOT = Path(dashboard.__file__).parent
CHINESE = re.compile("[\u4e00-\u9fff\uff00-\uffef]")
SAID = re.compile(r"say\('([^']+)'")


def in_python(path: Path) -> Iterator[str]:
    """Chinese string literals of a module that are not docstrings or parts of f-strings."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside_f = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings | inside_f:
            text = node.value
            if isinstance(text, str) and CHINESE.search(text):
                yield text


def everything() -> set[str]:
    """Every text of the package but for the API's examples, which are data, and the commands, whose help is English."""
    passed_over = {ROOT / name for name in ("api", "report_commands", "reporting")}
    modules = [path for path in ROOT.rglob("*.py") if not passed_over & set(path.parents)]
    found = {text for path in modules for text in in_python(path)}
    for path in ROOT.rglob("*.html"):
        found.update(text for text in SAID.findall(path.read_text("utf-8")) if CHINESE.search(text))
    return found
