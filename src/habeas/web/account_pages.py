"""Accounts: who works at the desk, in which role, and for which places."""

from __future__ import annotations

from http import HTTPStatus

from habeas.desk.accounts import Account, BadAccount
from habeas.desk.roles import Act, Role, may
from habeas.kernel.places import PlaceId
from habeas.web.drawing import page
from habeas.web.visits import Reply, Visit, go_to


def accounts(visit: Visit) -> Reply:
    """Every account, and a form for one more."""
    return _page(visit)


def _page(visit: Visit, wrong: str = "") -> Reply:
    return page(
        visit,
        "accounts.html",
        "Accounts",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        accounts=visit.site.accounts.every(),
        roles=list(Role),
        acts=list(Act),
        may=may,
        filled=visit.form,
        wrong=wrong,
    )


def _stated(visit: Visit) -> Account:
    places = [PlaceId(each) for each in visit.field("places").replace(",", " ").split()]
    known = visit.site.regimen.rulebook.places
    if missing := [each for each in places if each not in known]:
        raise BadAccount(f"expected places of the rulebook, found [{', '.join(missing)}]")
    if visit.field("role") not in list(Role):
        raise BadAccount("say in which role")
    return Account(
        name=visit.field("name"),
        role=Role(visit.field("role")),
        places=tuple(places),
        clients=tuple(visit.field("clients").replace(",", " ").split()),
        locked=visit.field("locked") == "yes",
    )


def make(visit: Visit) -> Reply:
    """Make an account."""
    try:
        visit.site.accounts.make(_stated(visit), visit.form.get("password", ""), visit.at, visit.account.name)
    except BadAccount as error:
        return _page(visit, str(error))
    return go_to("/accounts")


def change(visit: Visit) -> Reply:
    """Change or lock an account, or give it another password."""
    try:
        visit.site.accounts.change(_stated(visit), visit.at, visit.account.name)
        if password := visit.form.get("password", ""):
            visit.site.accounts.set_password(visit.field("name"), password, visit.at, visit.account.name)
    except BadAccount as error:
        return _page(visit, str(error))
    return go_to("/accounts")
