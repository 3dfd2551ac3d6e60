"""A proof as a nested list: each step with its value in a word, its citation and its source.

What was checked and supports nothing stands folded below what decides, never left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from habeas.authority.explain import Proof
from habeas.report.markup import Content, Markup, tag

_WORDS = {True: "yes", False: "no", None: "open"}
_MARKS = {True: "✓", False: "✕", None: "?"}
_FOLDED = frozenset({"provision", "law"})


def proof_tree(proof: Proof) -> Markup:
    """The whole proof as a list of lists."""
    return tag("ul", _node(proof), class_="proof")


def _node(proof: Proof) -> Markup:
    decisive = [each for each in proof.children if not _is_aside(each)]
    asides = [each for each in proof.children if _is_aside(each)]
    return tag(
        "li",
        _line(proof),
        tag("ul", [_node(each) for each in decisive]) if decisive else None,
        _folded(asides),
    )


def _is_aside(proof: Proof) -> bool:
    """Whether a step says that some text does not apply: kept, but folded."""
    return proof.kind in _FOLDED and proof.value is False


def _folded(asides: Sequence[Proof]) -> Content:
    if not asides:
        return None
    what = "text was" if len(asides) == 1 else "texts were"
    summary = tag(
        "summary",
        f"{len(asides)} other {what} checked and does not support custody here".replace(
            "were checked and does", "were checked and do"
        ),
    )
    return tag("details", summary, tag("ul", [_node(each) for each in asides]))


def _line(proof: Proof) -> Content:
    value = _WORDS[proof.value]
    mark = tag("span", tag("span", _MARKS[proof.value], aria_hidden="true"), class_=f"mark is-{value}")
    spoken = tag("span", f"{value}: ", class_="spoken")
    cite = [" ", tag("cite", proof.cite)] if proof.cite else None
    source = [" ", tag("span", f"from {proof.source}", class_="source")] if proof.source else None
    return [mark, spoken, tag("span", proof.text, class_=f"kind-{proof.kind}"), cite, source]
