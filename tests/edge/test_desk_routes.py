"""Every route x every role, from the table: what is not permitted is refused, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.routes import HTTPRoute

from habeas.desk.accounts import IDLE, LONGEST, Account
from habeas.desk.clock import now
from habeas.desk.ledgers import Identity
from habeas.desk.orders import Action, Proposal, approve, bound_to, propose
from habeas.desk.restoring import appending
from habeas.desk.roles import CHANGES, TABLE, Act, Role, may, table_lines
from habeas.kernel.instants import Instant
from habeas.web.app import local, paths_of
from habeas.web.routes import ROUTES, Route
from small_desks import PASSWORD, SORREL, Clerk, Desk, small_desk, words

OPEN = {"/sign-in", "/sign-out", "/wake", "/static/{name:str}", "/openapi.json", "/events"}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = small_desk(tmp_path_factory.mktemp("desk") / "ledger")
    yield made
    made.site.accounts.close()


@pytest.fixture(scope="module")
def clerks(desk: Desk) -> dict[Role, Clerk]:
    return {role: desk.client(role.name) for role in Role}


def test_no_address_is_served_that_the_table_does_not_have(desk: Desk) -> None:
    served = {route.path for route in desk.app.routes if isinstance(route, HTTPRoute)}
    assert served == {path for route in ROUTES for path in paths_of(route)} | OPEN


def test_every_act_belongs_to_somebody_and_has_a_route() -> None:
    assert {act for acts in TABLE.values() for act in acts} == set(Act)
    assert {route.act for route in ROUTES} == set(Act)
    assert all(route.act in CHANGES for route in ROUTES if route.method == "POST" and "try" not in route.path)
    assert all(
        route.act not in CHANGES or route.method == "POST" or route.says.startswith(("a form", "accounts"))
        for route in ROUTES
    )


def test_a_role_that_is_not_in_the_table_may_nothing() -> None:
    assert not TABLE[Role.MONITOR] & CHANGES
    assert not may(Role.ADMINISTRATOR, Act.SEE_PERSON)


def path_of(route: Route, desk: Desk, person: str = "Bail") -> str:
    return route.path.replace("{person}", desk.stream(person))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_the_table_decides(route: Route, role: Role, desk: Desk, clerks: dict[Role, Clerk]) -> None:
    before = desk.position()
    clerk = clerks[role]
    path = path_of(route, desk)
    # A form that says nothing: whoever may send it is told what is missing, and nothing is recorded.
    found = clerk.get(path) if route.method == "GET" else clerk.send(path)
    refused = found.status_code == 403 and "Not permitted" in found.text
    assert refused is not may(role, route.act)
    assert found.status_code < 500, words(found.text)
    assert desk.position() == before


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_without_a_session_there_is_the_sign_in_page_and_nothing_else(route: Route, desk: Desk) -> None:
    clerk = Clerk(desk)
    path = path_of(route, desk)
    found = clerk.get(path) if route.method == "GET" else clerk.send(path)
    if route.method == "GET":
        assert (found.status_code, found.headers["location"][:9]) == (303, "/sign-in?")
    else:
        assert found.status_code == 401


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if "{person}" in r.path], ids=lambda r: f"{r.method} {r.path}"
)
def test_people_of_another_place_are_nobody(route: Route, desk: Desk, clerks: dict[Role, Clerk]) -> None:
    path = path_of(route, desk, "Away")
    for role in Role:
        if may(role, route.act):
            clerk = clerks[role]
            found = clerk.get(path) if route.method == "GET" else clerk.send(path)
            assert found.status_code == 404
            assert "Away" not in found.text


def test_a_defender_sees_own_clients_alone(desk: Desk, clerks: dict[Role, Clerk]) -> None:
    clerk = clerks[Role.DEFENDER]
    assert "Bail" in clerk.page("/worklist")
    assert "Held" not in clerk.page("/worklist")
    assert clerk.get(f"/people/{desk.stream('Bail')}").status_code == 200
    assert clerk.get(f"/people/{desk.stream('Held')}").status_code == 404


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "POST"], ids=lambda r: r.path)
def test_a_form_of_another_site_is_refused(route: Route, desk: Desk, clerks: dict[Role, Clerk]) -> None:
    before = desk.position()
    for role in Role:
        found = clerks[role].http.post(
            path_of(route, desk), data={"form_key": "0" * 64}, follow_redirects=False
        )
        assert found.status_code == 403
    assert desk.position() == before


def test_every_page_carries_the_policy_and_is_not_kept(desk: Desk, clerks: dict[Role, Clerk]) -> None:
    for route in ROUTES:
        if route.method == "GET":
            found = clerks[Role.SUPERVISOR].get(path_of(route, desk))
            assert "default-src 'none'" in found.headers["content-security-policy"]
            assert found.headers["cache-control"] == "no-store"
            assert " style=" not in found.text
            assert "<script>" not in found.text


def test_a_session_falls_asleep_ends_and_wakes(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "ledger")
    at = [now()]
    object.__setattr__(desk.site, "clock", lambda: Instant(at[0]))
    clerk = desk.client("OFFICER")
    assert clerk.get("/worklist").status_code == 200
    at[0] = Instant(at[0] + IDLE)
    asleep = clerk.get("/worklist")
    assert asleep.status_code == 401
    assert "Password again" in asleep.text
    kept = clerk.http.post(
        f"/people/{desk.stream('Bail')}/challenge",
        data={"form_key": clerk_key(desk, clerk, at[0]), "says": "typed at length", "from_whom": "me"},
    )
    assert 'value="typed at length"' in kept.text
    wrong = clerk.http.post(
        "/wake", data={"form_key": clerk_key(desk, clerk, at[0]), "password": "x", "to": "/"}
    )
    assert wrong.status_code == 401
    woken = clerk.http.post(
        "/wake",
        data={
            "form_key": clerk_key(desk, clerk, at[0]),
            "password": PASSWORD,
            "to": "/x",
            "kept-says": "typed",
        },
    )
    assert woken.status_code == 200
    assert 'name="kept-says"' not in woken.text or "typed" in woken.text
    at[0] = Instant(at[0] + LONGEST)
    assert clerk.get("/worklist").status_code == 303
    desk.site.accounts.close()


def clerk_key(desk: Desk, clerk: Clerk, at: Instant) -> str:
    session = desk.site.accounts.session(clerk.token, at)
    assert session is not None
    return session.form_key


def test_a_locked_account_is_out_at_once(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "ledger")
    clerk, chief = desk.client("OFFICER"), desk.client("ADMINISTRATOR")
    done = chief.send(
        "/accounts/change", name="OFFICER", role=Role.OFFICER.value, places="us/zz/juniper", locked="yes"
    )
    assert done.status_code == 303
    assert clerk.get("/worklist").status_code == 303
    assert clerk.sign_in("OFFICER").status_code == 401
    desk.site.accounts.close()


def test_a_sealed_record_is_withheld_with_its_order(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "ledger")
    stream = desk.stream("Bail")
    with appending(desk.site.folder) as ledger:
        proposal = Proposal(
            action=Action.SEAL,
            citation="Order 7",
            rule="us/zz",
            people=2,
            streams=[stream],
            bound=bound_to(ledger, [stream]),
        )
        made = propose(ledger, proposal, Identity("one"))
        approve(ledger, made.event_id, Identity("two"))
    desk.site.live.refresh()
    clerk = desk.client("SUPERVISOR")
    found = clerk.get(f"/people/{stream}")
    assert (found.status_code, "Order 7" in found.text) == (403, True)
    assert "Bail" not in clerk.page("/worklist")
    assert clerk.get(f"/people/{stream}.json").json()["title"] == "SEALED"
    desk.site.accounts.close()


def test_whoever_has_no_place_sees_nobody() -> None:
    account = Account(name="x", role=Role.OFFICER, places=())
    assert not account.sees(SORREL, "p")
    assert not account.sees(None, "p")


@pytest.mark.parametrize(
    ("to", "goes"),
    [
        ("/worklist?a=1", "/worklist?a=1"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil", "/"),
        ("/a\nb", "/"),
    ],
)
def test_signing_in_goes_on_to_this_site_alone(to: str, goes: str) -> None:
    assert local(to) == goes


def test_the_page_of_roles_is_the_table() -> None:
    page = (ROOT / "docs" / "reference" / "roles.md").read_text("utf-8")
    assert "\n".join(table_lines()) in page
    for route in ROUTES:
        assert f"| {route.method} `{route.path}` | {route.says} | {route.act} |" in page
