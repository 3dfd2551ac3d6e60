"""Markup made by functions: text is escaped unless it is markup already, attributes keep their order.

A page is a pure function of what it shows, so its bytes are the same on every run.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias


class Markup(str):
    """Text that is markup already, and so is not escaped again."""

    __slots__ = ()


Content: TypeAlias = "str | Markup | int | Iterable[Content] | None"
"""What may stand in an element; None is nothing."""

Value: TypeAlias = "str | float | bool | None"
"""What an attribute may have; True is an attribute without value, False or None is none."""

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


def tag(name: str, /, *content: Content, **attributes: Value) -> Markup:
    """An element of HTML or SVG.

    Args:
        name: The element's name.
        content: Text, which is escaped, or markup, which is not.
        attributes: Underscores stand for hyphens, one at the end is left out (``class_``); True
            is an attribute without value, False or None is none.
    """
    shown = "".join(_attribute(key, value) for key, value in attributes.items())
    inside = joined(content)
    if name in _VOID:
        return Markup(f"<{name}{shown}>")
    return Markup(f"<{name}{shown}>{inside}</{name}>")


def joined(content: Content) -> Markup:
    """Content one after the other, as markup."""
    if content is None:
        return Markup("")
    if isinstance(content, Markup):
        return content
    if isinstance(content, str | int):
        return Markup(escape(str(content), quote=False))
    return Markup("".join(joined(each) for each in content))


def number(value: float) -> str:
    """A coordinate: one decimal, none where it is zero."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    name = key.removesuffix("_").replace("_", "-")
    if value is True:
        return f" {name}"
    shown = number(value) if isinstance(value, int | float) else value
    return f' {name}="{escape(shown)}"'
