"""Files that cannot be read: each says what was expected, in bounded memory, and no row is lost."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from habeas.intake.errors import MissingExtra, UnreadableInput
from habeas.intake.rosters import Roster, read_roster
from habeas.intake.text_files import LONGEST_LINE
from small_rosters import HEADER, recipe, roster_file

ROW = "r1,b1,2017-03-04 10:00,2017-03-05 10:00,THEFT,M,2017-03-05 09:00"


def read(path: Path) -> Roster:
    return read_roster([path], recipe())


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableInput) as refused:
        read(path)
    return str(refused.value)


def test_a_missing_column_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    path = roster_file(tmp_path, ROW, header=HEADER.replace("released", "release"))
    assert refusal(path).endswith("found none named released (nearest: release)")


def test_a_header_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = roster_file(tmp_path, f"{ROW},x", header=f"{HEADER},booked")
    assert "expected each column once, found twice: booked" in refusal(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.touch()
    assert refusal(path) == "roster.csv: expected rows under a header, found an empty file"


def test_a_file_of_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert read(roster_file(tmp_path)).accounts[0].rows == 0


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "expected a readable file" in refusal(tmp_path / "none.csv")


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    assert "expected text, found bytes of a binary file" in refusal(path)


def test_a_gigabyte_on_one_line_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    with path.open("wb") as opened:
        opened.write(HEADER.encode() + b"\n")
        # A sparse file: a gigabyte to read, nothing on the disk.
        opened.truncate(1 << 30)
    tracemalloc.start()
    try:
        assert "binary" in refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 16 * LONGEST_LINE
    finally:
        tracemalloc.stop()


def test_a_line_too_long_is_refused(tmp_path: Path) -> None:
    path = roster_file(tmp_path, "x" * (LONGEST_LINE + 1))
    assert f"expected lines of at most {LONGEST_LINE} bytes" in refusal(path)


def test_a_quote_never_closed_is_refused(tmp_path: Path) -> None:
    path = roster_file(tmp_path, 'r1,"b1,2017-03-04 10:00')
    assert "roster.csv, row 1: expected a row of a table" in refusal(path)


def test_text_in_another_encoding_is_refused_with_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(f"{HEADER}\n{ROW.replace('THEFT', 'VOL À MAIN ARMÉE')}\n".encode("latin-1"))
    assert "expected text in UTF-8, found byte 0xc0" in refusal(path)


def test_the_encoding_of_the_recipe_is_read(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(f"{HEADER}\n{ROW.replace('THEFT', 'ARMÉE')}\n".encode("latin-1"))
    given = recipe(**{'kind = "custody"': 'kind = "custody"\nencoding = "latin-1"'})
    person = next(iter(read_roster([path], given).people.values()))
    assert "ARMÉE" in person.labels.values()


def test_a_mark_before_the_header_is_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(f"\ufeff{HEADER}\n{ROW}\n".encode())
    assert read(path).accounts[0].accepted == 1


def test_gzip_is_read_and_a_cut_one_refused(tmp_path: Path) -> None:
    whole = tmp_path / "roster.csv.gz"
    packed = gzip.compress(f"{HEADER}\n{ROW}\n".encode())
    whole.write_bytes(packed)
    assert read(whole).accounts[0].accepted == 1
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(packed[:-12])
    assert "expected a whole gzip file" in refusal(cut)


def test_line_breaks_inside_quotes_stay_in_their_cell(tmp_path: Path) -> None:
    path = roster_file(tmp_path, ROW.replace("THEFT", '"THE\nFT"'))
    person = next(iter(read(path).people.values()))
    assert "THE FT" in person.labels.values()


def test_json_lines_are_read_and_a_line_that_is_none_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "roster.jsonl"
    cells = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
    line = "{" + ", ".join(f'"{key}": "{value}"' for key, value in cells.items()) + "}"
    twice = line.replace('"row": "r1"', '"row": "r2", "row": "r3"')
    path.write_text(f"{line}\nnot json\n[1]\n{twice}\n", encoding="utf-8")
    account = read(path).accounts[0]
    assert (account.rows, account.accepted, account.quarantined) == (4, 1, 3)


def test_json_lines_without_a_column_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.jsonl"
    path.write_text('{"booking": "b1"}\n', encoding="utf-8")
    assert "found none named" in refusal(path)


def parquet_file(folder: Path, rows: int = 1) -> Path:
    pl = pytest.importorskip("polars")
    cells = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
    path = folder / "roster.parquet"
    pl.DataFrame([{**cells, "row": f"r{number}"} for number in range(rows)]).write_parquet(path)
    return path


def test_parquet_is_read(tmp_path: Path) -> None:
    assert read(parquet_file(tmp_path, 3)).accounts[0].accepted == 3


@pytest.mark.parametrize("kept", [4, 40, 400, 0.5, 0.9])
def test_parquet_cut_short_is_refused(tmp_path: Path, kept: float) -> None:
    whole = parquet_file(tmp_path, 200).read_bytes()
    path = tmp_path / "cut.parquet"
    path.write_bytes(whole[: int(kept * len(whole) if kept < 1 else kept)])
    assert "cut" in refusal(path)


def test_parquet_damaged_inside_is_refused_or_set_aside(tmp_path: Path) -> None:
    whole = bytearray(parquet_file(tmp_path, 200).read_bytes())
    for place in range(10, len(whole) // 2):
        whole[place] ^= 0xFF
    path = tmp_path / "damaged.parquet"
    path.write_bytes(bytes(whole))
    assert "cut short or damaged" in refusal(path)


def test_a_name_that_says_parquet_over_text_is_refused(tmp_path: Path) -> None:
    assert "expected a Parquet file" in refusal(roster_file(tmp_path, ROW, name="roster.parquet"))


def test_parquet_with_numbers_where_times_belong_is_set_aside_row_by_row(tmp_path: Path) -> None:
    pl = pytest.importorskip("polars")
    cells: dict[str, object] = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
    path = tmp_path / "roster.parquet"
    pl.DataFrame([{**cells, "booked": 17}, {**cells, "row": "r2", "booked": 18}]).write_parquet(path)
    roster = read(path)
    assert roster.accounts[0].quarantined == 2
    assert str(roster.quarantined[0]) == (
        "roster.parquet, row 1, booked: expected a local time such as 2017-03-04 10:00, found [17]"
    )


def test_parquet_without_the_extra_names_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "roster.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(MissingExtra, match=r"pip install 'habeas\[analysis\]'"):
        read(path)
