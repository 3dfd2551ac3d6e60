"""A proof as a nested list: each step with its value in a word, its citation and its source.

What was checked and supports nothing stands folded below what decides, never left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from habeas.authority.explain import Proof
from habeas.report.markup import Content, Markup, tag
from habeas.report.proof_text import asides_of, asides_text

_WORDS = {True: "yes", False: "no", None: "open"}
_MARKS = {True: "✓", False: "✕", None: "?"}


def proof_tree(proof: Proof) -> Markup:
    """The whole proof as a list of lists."""
    return tag("ul", _node(proof), class_="proof")


def _node(proof: Proof) -> Markup:
    asides = asides_of(proof)
    decisive = [each for each in proof.children if each not in asides]
    return tag(
        "li",
        _line(proof),
        tag("ul", [_node(each) for each in decisive]) if decisive else None,
        _folded(asides),
    )


def _folded(asides: Sequence[Proof]) -> Content:
    if not asides:
        return None
    summary = tag("summary", asides_text(len(asides)))
    return tag("details", summary, tag("ul", [_node(each) for each in asides]))


def _line(proof: Proof) -> Content:
    value = _WORDS[proof.value]
    mark = tag("span", tag("span", _MARKS[proof.value], aria_hidden="true"), class_=f"mark is-{value}")
    spoken = tag("span", f"{value}: ", class_="spoken")
    cite = [" ", tag("cite", proof.cite)] if proof.cite else None
    source = [" ", tag("span", f"from {proof.source}", class_="source")] if proof.source else None
    return [mark, spoken, tag("span", proof.text, class_=f"kind-{proof.kind}"), cite, source]
