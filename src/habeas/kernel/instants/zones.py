"""Time zones, read from the pinned ``tzdata`` package and never from the machine."""

import pkgutil
from difflib import get_close_matches
from functools import cache
from io import BytesIO
from zoneinfo import ZoneInfo


class UnknownZone(LookupError):
    """No zone of this name is in the pinned zone data.

    Attributes:
        name: The name that was asked for.
        nearest: Names in the zone data that look like it, best first.
    """

    def __init__(self, name: str, nearest: tuple[str, ...] = ()) -> None:
        """Name the zone that is missing and the names nearest to it."""
        self.name = name
        self.nearest = nearest
        hint = f"; did you mean [{', '.join(nearest)}]?" if nearest else ""
        super().__init__(f"unknown time zone [{name}]{hint}")


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of this IANA name, such as ``America/New_York``.

    An answer must not depend on the machine it was computed on, so neither the system's zone
    files nor the ``TZPATH`` is consulted. One name always gives the same object.

    Args:
        name: IANA name, case as published.

    Raises:
        UnknownZone: The pinned zone data has no such zone.
    """
    if name not in zone_names():
        raise UnknownZone(name, tuple(get_close_matches(name, sorted(zone_names()), n=3)))
    data = pkgutil.get_data("tzdata", f"zoneinfo/{name}")
    if data is None:  # the loader of an unusual installation cannot read data files
        raise UnknownZone(name)
    return ZoneInfo.from_file(BytesIO(data), key=name)


@cache
def zone_names() -> frozenset[str]:
    """Every IANA name in the pinned zone data.

    Raises:
        UnknownZone: The ``tzdata`` package is installed without its data.
    """
    listing = pkgutil.get_data("tzdata", "zones")
    if listing is None:
        raise UnknownZone("tzdata/zones")
    return frozenset(listing.decode("ascii").split())
