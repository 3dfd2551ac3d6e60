"""A proof in lines of text, what was checked and supports nothing counted rather than told."""

from __future__ import annotations

from collections.abc import Iterator

from habeas.authority.explain import Proof

_MARKS = {True: "+", False: "-", None: "?"}
_ASIDE = frozenset({"provision", "law"})


def asides_of(proof: Proof) -> tuple[Proof, ...]:
    """The steps below one that say that some text does not apply; they bear on nothing there.

    A permission with an ``only if`` is none of them: outside it the same text forbids. Nor is a
    text that a step on precedence names.
    """
    named = " ".join(each.text for each in proof.children if each.kind == "precedence")
    return tuple(
        each
        for each in proof.children
        if each.kind in _ASIDE
        and each.value is False
        and not _forbids(each)
        and each.ref not in named.split()
    )


def _forbids(proof: Proof) -> bool:
    return proof.kind == "provision" and any(each.text.startswith("only if:") for each in proof.children)


def asides_text(count: int) -> str:
    """How such steps are counted: ``3 other texts were checked and do not support custody here``."""
    what = "text was checked and does" if count == 1 else "texts were checked and do"
    return f"{count} other {what} not support custody here"


def deciding_lines(proof: Proof, depth: int = 0) -> Iterator[str]:
    """The steps that decide, indented, each with its mark, words, citation and source."""
    cite = f" [{proof.cite}]" if proof.cite else ""
    source = f" <{proof.source}>" if proof.source else ""
    yield f"{'  ' * depth}{_MARKS[proof.value]} {proof.text}{cite}{source}"
    asides = asides_of(proof)
    for child in proof.children:
        if child not in asides:
            yield from deciding_lines(child, depth + 1)
    if asides:
        yield f"{'  ' * (depth + 1)}({asides_text(len(asides))})"
