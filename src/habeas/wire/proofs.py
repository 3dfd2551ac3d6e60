"""Proof trees as documents, node for node."""

from __future__ import annotations

from msgspec import Struct

from habeas.authority.explain import Proof


class ProofForm(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One node of a proof: what is said, whether it holds, and what it rests on."""

    kind: str
    """``verdict``, ``subject``, ``basis``, ``provision``, ``limb``, ``law``, ``clock``, ``duty``..."""
    text: str
    value: bool | None
    """Null is not known."""
    cite: str = ""
    ref: str = ""
    """``enactment#clause``."""
    source: str = ""
    """Where the fact was read."""
    children: list[ProofForm] = []


def proof_form(proof: Proof) -> ProofForm:
    """A proof and everything below it."""
    return ProofForm(
        kind=proof.kind,
        text=proof.text,
        value=proof.value,
        cite=proof.cite,
        ref=proof.ref,
        source=proof.source,
        children=[proof_form(child) for child in proof.children],
    )


def proof_of(form: ProofForm) -> Proof:
    """The proof of a form."""
    return Proof(
        kind=form.kind,
        text=form.text,
        value=form.value,
        cite=form.cite,
        ref=form.ref,
        source=form.source,
        children=tuple(proof_of(child) for child in form.children),
    )
