"""Write the reference of recipe keys and the JSON Schema of a recipe anew, from the types that read one.

Tests hold both files to what this makes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from habeas.intake.recipes import Recipe

ROOT = Path(__file__).resolve().parent.parent
TYPES = ROOT / "src" / "habeas" / "intake" / "recipes"
PAGE = ROOT / "docs" / "reference" / "recipe-format.md"
SCHEMA = TYPES / "recipe.schema.json"
HIDDEN: Final = {("Recipe", "text")}
"""Set by the reader, and no key of a file."""
ORDER: Final = {
    "shape": ("Recipe", "Completeness", "Disagreement"),
    "parts": (
        "Table",
        "Lookup",
        "Spans",
        "EventRule",
        "EventBy",
        "Matches",
        "Time",
        "CodeTerm",
        "CodeTable",
        "Period",
        "Facilities",
        "Facility",
    ),
    "figures": ("PublishedFigure", "Mark", "Grouping"),
}
HEAD = """\
# Recipe keys

Written from the types in `habeas.intake.recipes` by `scripts/write_recipe_page.py`; a test fails where this
page and they differ. A recipe is TOML. Keys that are not listed are refused, and a key without a default must
be there. [Write a recipe](../how-to/add-a-recipe.md) shows how they go together; a JSON Schema for editors is
`src/habeas/intake/recipes/recipe.schema.json`.
"""
_KEYS = {"events": "event", "tables": "table", "disagreements": "disagreement", "figures": "figure"}
_ONE_LINE = " ".join


def page() -> str:
    """The reference as Markdown."""
    parts = [HEAD]
    for module, names in ORDER.items():
        tree = ast.parse((TYPES / f"{module}.py").read_text(encoding="utf-8"))
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        parts += ["\n".join(_section(classes[name])) for name in names]
    return "\n".join(parts)


def _section(node: ast.ClassDef) -> Iterator[str]:
    says = ast.get_docstring(node) or ""
    yield f"## {node.name}\n"
    yield f"{says}\n"
    yield "| key | type | default | meaning |"
    yield "|---|---|---|---|"
    for at, each in enumerate(node.body):
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            name = each.target.id
            if (node.name, name) not in HIDDEN:
                after = node.body[at + 1] if at + 1 < len(node.body) else None
                yield _row(name, each, _says(after))
    yield ""


def _row(name: str, field: ast.AnnAssign, says: str) -> str:
    key, default = _KEYS.get(name, name).rstrip("_"), _default(field)
    if isinstance(field.value, ast.Call):
        given = {word.arg: word.value for word in field.value.keywords}
        renamed = given.get("name")
        key = str(renamed.value) if isinstance(renamed, ast.Constant) else key
        default = ast.unparse(given["default"]) if "default" in given else ""
    kind = _ONE_LINE(ast.unparse(field.annotation).split()).replace("|", "or")
    default = default.replace("Fold.REFUSE", "'refuse'")
    shown = f"`{default}`" if default else ""
    return f"| `{key}` | `{kind}` | {shown} | {says.replace('|', chr(92) + '|')} |"


def _default(field: ast.AnnAssign) -> str:
    return "" if field.value is None else ast.unparse(field.value)


def _says(node: ast.stmt | None) -> str:
    value = node.value if isinstance(node, ast.Expr) else None
    said = value.value if isinstance(value, ast.Constant) else ""
    return _ONE_LINE(said.split()) if isinstance(said, str) else ""


def schema() -> bytes:
    """The JSON Schema of a recipe."""
    made = msgspec.json.schema(Recipe)
    made["$defs"]["Recipe"]["properties"].pop("text")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A recipe of habeas"}
    return msgspec.json.format(msgspec.json.encode({**dialect, **made}, order="sorted"), indent=2) + b"\n"


def main() -> None:
    """Write both files."""
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA.write_bytes(schema())
    print(PAGE)
    print(SCHEMA)


if __name__ == "__main__":
    main()
