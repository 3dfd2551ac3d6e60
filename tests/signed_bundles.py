"""Bundles signed anew after a change, by a signer, a tree and proofs of the tests' own."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from copy import deepcopy
from hashlib import sha256
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from small_bundles import COURT, LOG, Made

Json: TypeAlias = dict[str, Any]
SEEDS = {LOG.name: bytes(range(32)), COURT.name: bytes(range(1, 33))}
KINDS = {LOG.name: b"\x01", COURT.name: b"\x04"}


def canonical(header: Json) -> str:
    return json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The tree as the definition of RFC 6962, section 2.1 reads."""
    if len(leaves) < 2:
        return leaves[0] if leaves else digest_of()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return digest_of(b"\x01", root_of(leaves[:half]), root_of(leaves[half:]))


def path(at: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    if len(leaves) < 2:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if at < half:
        return [*path(at, leaves[:half]), root_of(leaves[half:])]
    return [*path(at - half, leaves[half:]), root_of(leaves[:half])]


def subproof(size: int, leaves: Sequence[bytes], *, known: bool = True) -> list[bytes]:
    """SUBPROOF of section 2.1.2."""
    if size == len(leaves):
        return [] if known else [root_of(leaves)]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if size <= half:
        return [*subproof(size, leaves[:half], known=known), root_of(leaves[half:])]
    return [*subproof(size - half, leaves[half:], known=False), root_of(leaves[:half])]


def chain_of(leaves: Sequence[bytes]) -> bytes:
    chain = bytes(32)
    for leaf in leaves:
        chain = digest_of(b"\x02", chain, leaf)
    return chain


def line(name: str, text: str, *, seconds: int = 1_487_592_000) -> str:
    """A line of a signature by one of the two."""
    key = Ed25519PrivateKey.from_private_bytes(SEEDS[name])
    key_id = digest_of(name.encode(), b"\n", KINDS[name], key.public_key().public_bytes_raw())[:4]
    if name == LOG.name:
        signature = key.sign(text.encode(errors="surrogatepass"))
    else:
        message = f"cosignature/v1\ntime {seconds}\n{text}".encode(errors="surrogatepass")
        signature = seconds.to_bytes(8, "big") + key.sign(message)
    return f"— {name} {b64encode(key_id + signature).decode()}\n"


def note(text: str, signers: Sequence[str] = (LOG.name, COURT.name)) -> str:
    return text + "\n" + "".join(line(name, text) for name in signers)


def text_of(leaves: Sequence[bytes], known: int, origin: str = LOG.name) -> str:
    root, chain = (b64encode(each).decode() for each in (root_of(leaves), chain_of(leaves)))
    return f"{origin}\n{len(leaves)}\n{root}\nknown {known}\nchain {chain}\n"


def leaf_of(entry: Json) -> bytes:
    if entry["header"] is None:
        return bytes.fromhex(entry["leaf"])
    return digest_of(b"\x00", entry["header"].encode(errors="surrogatepass"))


def written(tree: Json) -> bytes:
    return json.dumps(tree, ensure_ascii=True).encode()


class Signed:
    """The entries of a small ledger, to be changed and signed again."""

    def __init__(self, made: Made) -> None:
        self.entries: list[Json] = json.loads(made.whole().written())["entries"]

    def fresh(self) -> list[Json]:
        return deepcopy(self.entries)

    def whole(self, entries: list[Json], *, known: int | None = None, text: str | None = None) -> Json:
        leaves = [leaf_of(each) for each in entries]
        last = json.loads(entries[-1]["header"])["recorded_at"] if entries and known is None else known or 0
        made = text if text is not None else text_of(leaves, last)
        return {
            "schema": "habeas/proof/1",
            "checkpoint": note(made),
            "earlier": [],
            "whole": True,
            "entries": entries,
        }

    def part(self, entries: list[Json], chosen: Sequence[int], old: int | None = None) -> Json:
        """Some of the entries, each with its proof, and an earlier checkpoint with its own."""
        tree = self.whole(entries)
        leaves = [leaf_of(each) for each in entries]
        tree["whole"] = False
        tree["entries"] = [
            entries[at] | {"inclusion": [each.hex() for each in path(at, leaves)]} for at in chosen
        ]
        if old is not None:
            proof = [each.hex() for each in subproof(old, leaves)] if old else []
            tree["earlier"] = [
                {"checkpoint": note(text_of(leaves[:old], 5 if old else 0)), "consistency": proof}
            ]
        return tree

    def with_header(self, text: str) -> Json:
        """The whole ledger with the third header so."""
        entries = self.fresh()
        entries[3] = {"seq": 3, "header": text, "sealed": None, "key": None}
        return self.whole(entries)

    def with_fields(self, **fields: Any) -> Json:
        return self.with_header(canonical(json.loads(self.entries[3]["header"]) | fields))

    def with_sealed(self, sealed: object, key: object, *, digest: str | None = None) -> Json:
        entries = self.fresh()
        header = json.loads(entries[3]["header"])
        if digest is not None:
            header["payload"] = digest
        entries[3] = {"seq": 3, "header": canonical(header), "sealed": sealed, "key": key}
        return self.whole(entries)
