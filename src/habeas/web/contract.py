"""The contract of the desk's documents: OpenAPI 3.1, made from the table of routes and the forms."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec

from habeas import __version__
from habeas.desk.roles import Role, may
from habeas.web.visits import ProblemForm

_NAME = re.compile(r"\{(\w+)\}")


@cache
def openapi() -> dict[str, Any]:
    """The whole contract."""
    from habeas.web.routes import ROUTES, Route  # noqa: PLC0415 - the table names the pages, and they this

    shown: list[Route] = [route for route in ROUTES if route.document is not None]
    forms = [route.document for route in shown]
    _, parts = msgspec.json.schema_components(
        [*forms, ProblemForm], ref_template="#/components/schemas/{name}"
    )
    paths = {f"{route.path}.json": {"get": _operation(route)} for route in shown}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "habeas release desk",
            "version": __version__,
            "summary": "May this custodian hold this person, on what, until when - with proof.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": parts,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "habeas"}},
        },
        "security": [{"session": []}],
    }


def _operation(route: Any) -> dict[str, Any]:
    names = _NAME.findall(route.path)
    problem = {"$ref": f"#/components/schemas/{ProblemForm.__name__}"}
    failures = {
        status: {"description": says, "content": {"application/problem+json": {"schema": problem}}}
        for status, says in (
            ("401", "nobody is signed in"),
            ("403", "not permitted, or withheld by an order"),
            ("404", "nobody of that address whom one may see"),
            ("422", "a parameter that is not understood"),
            ("503", "the ledger did not answer"),
        )
    }
    good = {"$ref": f"#/components/schemas/{route.document.__name__}"}
    return {
        "summary": route.says,
        "description": "Roles: " + ", ".join(role for role in Role if may(role, route.act)) + ".",
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ],
        "responses": {
            "200": {"description": route.says, "content": {"application/json": {"schema": good}}},
            **failures,
        },
    }
