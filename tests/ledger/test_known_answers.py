"""Keys, signed notes and trees made by others, as both verifiers of bundles read them.

All were read on 2026-11-22. C2SP's page on cosignatures shows a checkpoint without the keys that signed it, so
only its form is read from it.
"""

from __future__ import annotations

from hashlib import sha256

import pytest

from habeas.ledger.notes import read_note, read_verifier_key, seen_at
from habeas.ledger.proofs import Tree
from habeas.ledger.standalone import habeas_verify as second

# https://github.com/golang/mod, sumdb/note/note.go at 605edab4323b, the package's own example (and, for the second key,
# its test): two keys of type 0x01 and a note that both signed.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
# A checkpoint of a public log of certificates with the key of the log, and of a witness that cosigned it, as the tests
# of another client keep it; that both signatures are good under both keys is what shows that it is whole. The
# witness's key stands in https://github.com/transparency-dev/formats, note/note_cosigv1_test.go at 091ce41666c0.
ARCHE = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
ARCHE_NOTE = (
    "arche2025h1.staging.ct.transparency.dev\n"
    "1432088532\n"
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
    "\n"
    "— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n"
)
# https://c2sp.org/tlog-cosignature, the example; the page states the time of the witness.
SOFA_NOTE = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
# https://github.com/transparency-dev/merkle, testonly/constants.go at 582a6ad190b6: leaves and the roots of their trees.
LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHED = [sha256(b"\x00" + each).digest() for each in LEAVES]


@pytest.mark.parametrize(
    ("vkey", "note"), [(PETER, GO_NOTE), (ENOCH, GO_NOTE), (ARCHE, ARCHE_NOTE), (REMORA, ARCHE_NOTE)]
)
def test_keys_and_signatures_of_others_are_good_and_fail_for_another_text(vkey: str, note: str) -> None:
    first = read_verifier_key(vkey)
    assert first.written() == vkey
    [signature] = [each for each in read_note(note).signatures if each.name == first.name]
    assert first.verifies(read_note(note).text, signature)
    assert not first.verifies(read_note(note).text + "\n", signature)
    key_id, key = second.read_key(vkey, int(first.type), "the key")
    text, signatures = second.read_note(note, "the note")
    [data] = [each for name, found, each in signatures if (name, found) == (key.name, key_id)]
    assert second.verify(key, text, data, "the note") == (1_779_573_024 if vkey == REMORA else 0)
    with pytest.raises(second.Spoilt, match="is not good"):
        second.verify(key, text + "\n", data, "the note")


def test_a_changed_key_is_no_key() -> None:
    for at in range(len("PeterNeumann+c74f20a3+A"), len(PETER)):
        changed = PETER[:at] + ("A" if PETER[at] != "A" else "B") + PETER[at + 1 :]
        with pytest.raises(ValueError, match=r"."):
            read_verifier_key(changed)
        with pytest.raises(second.Spoilt):
            second.read_key(changed, 1, "the key")


def test_the_example_of_the_page_on_cosignatures_has_the_form_and_the_time_it_states() -> None:
    note = read_note(SOFA_NOTE)
    assert [each.name for each in note.signatures] == [
        "example.com/behind-the-sofa",
        "witness.example.com/w1",
    ]
    assert seen_at(note.signatures[1]) == 1_679_315_147
    text, signatures = second.read_note(SOFA_NOTE, "the note")
    assert text == note.text
    assert [(name, key_id.hex(), len(data)) for name, key_id, data in signatures] == [
        ("example.com/behind-the-sofa", "033de0ae", 64),
        ("witness.example.com/w1", "8d66cf3f", 72),
    ]
    assert int.from_bytes(signatures[1][2][:8], "big") == 1_679_315_147


@pytest.mark.parametrize("size", range(9))
def test_trees_of_others_have_their_roots_and_proofs_lead_to_them(size: int) -> None:
    leaves = HASHED[:size]
    assert second.tree_root(leaves).hex() == ROOTS[size]
    tree = Tree(lambda start, stop: HASHED[start:stop])
    newest = second.Checkpoint("", size, bytes.fromhex(ROOTS[size]), 0, b"", [])
    for seq in range(size):
        way = second.turns(seq, size, to_edge=False)
        assert second.climb(HASHED[seq], way, list(tree.inclusion(seq, size)))[1] == newest.root
    for old in range(size + 1):
        older = second.Checkpoint("", old, bytes.fromhex(ROOTS[old]), 0, b"", [])
        assert second.is_consistent(older, newest, list(tree.consistency(old, size)))
