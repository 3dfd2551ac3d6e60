"""Markup by functions: what is text stays text, and attributes keep their order."""

from hypothesis import given
from hypothesis import strategies as st

from habeas.report.markup import Markup, joined, number, tag


@given(st.text())
def test_text_never_becomes_markup(text: str) -> None:
    made = tag("p", text, title=text)
    inside = made.removeprefix("<p title=").removesuffix("</p>")
    assert "<" not in inside
    assert inside.count('"') == 2 + inside.partition(">")[2].count('"')


def test_markup_is_not_escaped_again() -> None:
    assert tag("p", tag("b", "a & b"), " <c>") == "<p><b>a &amp; b</b> &lt;c&gt;</p>"


def test_attributes_keep_their_order_and_nothing_is_left_out() -> None:
    made = tag("a", class_="x", aria_label="y", hidden=True, title=None, data_z=False, x=1.25)
    assert made == '<a class="x" aria-label="y" hidden x="1.2"></a>'


def test_void_elements_have_no_end() -> None:
    assert tag("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_content_may_be_nested_and_absent() -> None:
    assert joined(["a", None, [Markup("<b>"), 3]]) == "a<b>3"


def test_coordinates_have_one_decimal_and_no_negative_zero() -> None:
    assert [number(each) for each in (1.0, 1.26, -0.01, 0)] == ["1", "1.3", "0", "0"]
