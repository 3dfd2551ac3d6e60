"""What people do at the desk, start to end, each with a refusal and a recovery; without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import msgspec
import pytest

from habeas.authority.findings import Verdict
from habeas.desk.clock import now
from habeas.kernel.instants import HOUR, Instant, zone, zoned
from habeas.web.law_pages import BLANK
from habeas.wire.answer_forms import AnswerDocument
from small_desks import Clerk, Desk, small_desk, words


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = small_desk(tmp_path / "ledger")
    yield made
    made.site.accounts.close()


def wall(hours_ago: float = 0) -> str:
    return f"{zoned(Instant(now() - int(hours_ago * HOUR)), zone('America/New_York')):%Y-%m-%dT%H:%M}"


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return unescape(found[1])


def verdict(clerk: Clerk, person: str) -> str:
    answer = msgspec.json.decode(
        clerk.get(f"/people/{clerk.desk.stream(person)}.json").content, type=AnswerDocument
    )
    return str(answer.verdict)


def begin(clerk: Clerk, person: str, ground: str = "bond posted") -> str:
    """Begin a release with everything on the checklist written; the name of the release."""
    path = f"/people/{clerk.desk.stream(person)}/release"
    html = clerk.get(path).text
    items = {unescape(each): "seen" for each in re.findall(r'name="(item-[^"]+)"', html)}
    done = clerk.send(path, facts=hidden(html, "facts"), law=hidden(html, "law"), ground=ground, **items)
    assert done.status_code == 303, words(done.text)
    return hidden(clerk.get(path).text, "release")


def test_nobody_is_let_go_by_one_person_and_two_open_the_door(desk: Desk) -> None:
    one, two = desk.client("OFFICER"), desk.client("OFFICER2")
    path = f"/people/{desk.stream('Free')}"
    assert verdict(one, "Free") == Verdict.UNLAWFUL
    assert "No authority: must be released" in one.page(path)
    assert "bond posted: receipt in hand" in one.page(f"{path}/release")
    name = begin(one, "Free")

    again = one.send(f"{path}/approve", release=name)
    assert (again.status_code, "another person has to approve it" in words(again.text)) == (409, True)
    too_soon = one.send(f"{path}/door", release=name, known_by="photo and date of birth")
    assert "a second person has not approved it" in words(too_soon.text)

    assert two.send(f"{path}/approve", release=name).status_code == 303
    nameless = two.send(f"{path}/door", release=name, known_by="")
    assert "by what it was known" in words(nameless.text)
    assert two.send(f"{path}/door", release=name, known_by="photo and date of birth").status_code == 303
    assert verdict(one, "Free") == Verdict.NOT_IN_CUSTODY
    assert "Out of the door : begun by OFFICER" in one.page(f"{path}/release")
    desk.site.live.refresh()
    assert "Free" not in one.page("/worklist")


def test_a_release_is_blocked_while_something_requires_custody(desk: Desk) -> None:
    one = desk.client("OFFICER")
    path = f"/people/{desk.stream('Bail')}/release"
    html = one.get(path).text
    assert "supports custody until" in words(html)
    assert "bond" not in " ".join(re.findall(r"item-[^\"]+", html))
    refused = one.send(path, facts="0", law="x", ground="because")
    assert refused.status_code == 409


def test_an_approval_lapses_when_the_record_changes_before_the_door(desk: Desk) -> None:
    one, two = desk.client("OFFICER"), desk.client("OFFICER2")
    path = f"/people/{desk.stream('Free')}"
    name = begin(one, "Free")
    two.send(f"{path}/approve", release=name)
    form = one.get(f"{path}/record?choice=BailRevoked").text
    done = one.send(
        f"{path}/record", choice="BailRevoked", about="Free-c1", at=wall(), once=hidden(form, "once")
    )
    assert done.status_code == 303, words(done.text)
    lapsed = two.send(f"{path}/door", release=name, known_by="photo and date of birth")
    assert (lapsed.status_code, "Lapsed" in words(lapsed.text)) == (409, True)
    assert verdict(one, "Free") != Verdict.NOT_IN_CUSTODY


def test_what_was_read_on_a_page_that_is_old_is_not_signed(desk: Desk) -> None:
    one = desk.client("OFFICER")
    path = f"/people/{desk.stream('Free')}/release"
    html = one.get(path).text
    stale = one.send(path, facts="1", law=hidden(html, "law"), ground="bond posted")
    assert "changed while you were reading" in words(stale.text)


def test_a_release_is_sent_back_with_a_reason_and_begun_again(desk: Desk) -> None:
    one, two = desk.client("OFFICER"), desk.client("OFFICER2")
    path = f"/people/{desk.stream('Free')}"
    name = begin(one, "Free")
    assert two.send(f"{path}/send-back", release=name, because="").status_code == 409
    assert two.send(f"{path}/send-back", release=name, because="wrong receipt").status_code == 303
    assert "wrong receipt" in one.page(f"{path}/release")
    assert begin(one, "Free") != name
    assert "OFFICER" in one.page("/releases")


def test_an_order_nobody_can_read_opens_a_ticket_and_leaves_the_answer_open(desk: Desk) -> None:
    one = desk.client("OFFICER")
    path = f"/people/{desk.stream('Bail')}"
    assert verdict(one, "Bail") == Verdict.LAWFUL
    fields = {"kind": "release order", "about": "charge/Bail-c1", "at": wall(), "note": "half of it black"}
    unsaid = one.send(f"{path}/orders", **fields)
    assert (unsaid.status_code, "whether the whole paper can be read" in words(unsaid.text)) == (422, True)
    assert one.send(f"{path}/orders", **fields, readable="no").status_code == 303
    assert verdict(one, "Bail") == Verdict.UNDETERMINED
    desk.site.live.refresh()
    assert "half of it black" in one.page("/tickets")
    assert one.get("/tickets.json").json()["tickets"][0]["late"] is False

    html = one.get(f"{path}/orders").text
    clearing = {"ticket": hidden(html, "ticket"), "orders": "yes", "at": wall()}
    assert one.send(f"{path}/clear", **clearing, by_whom="").status_code == 409
    assert one.send(f"{path}/clear", **clearing, by_whom="the clerk of part 4").status_code == 303
    assert verdict(one, "Bail") == Verdict.UNLAWFUL
    assert one.send(f"{path}/clear", **clearing, by_whom="the clerk of part 4").status_code == 409


def test_a_paper_that_orders_nothing_leaves_the_answer_as_it_was(desk: Desk) -> None:
    one = desk.client("OFFICER")
    path = f"/people/{desk.stream('Bail')}"
    one.send(f"{path}/orders", kind="release order", about="charge/Bail-c1", at=wall(), readable="no")
    html = one.get(f"{path}/orders").text
    one.send(f"{path}/clear", ticket=hidden(html, "ticket"), orders="no", at=wall(), by_whom="the clerk")
    assert verdict(one, "Bail") == Verdict.LAWFUL


def test_a_readable_order_is_stamped_with_the_digest_of_its_file(desk: Desk) -> None:
    one = desk.client("OFFICER")
    path = f"/people/{desk.stream('Bail')}"
    fields = {"kind": "release order", "about": "charge/Bail-c1", "at": wall(), "readable": "yes"}
    done = one.http.post(
        f"{path}/orders",
        data={"form_key": one.key(), **fields},
        files={"file": ("order.pdf", b"%PDF-1.7 an order", "application/pdf")},
        follow_redirects=False,
    )
    assert done.status_code == 303, words(done.text)
    assert "sha256:" in one.page(f"{path}/orders")
    assert verdict(one, "Bail") == Verdict.UNLAWFUL


def test_an_event_is_tried_without_being_saved_and_saved_once(desk: Desk) -> None:
    one = desk.client("OFFICER")
    path = f"/people/{desk.stream('Bail')}"
    form = one.get(f"{path}/record?choice=BondPosted").text
    fields = {"choice": "BondPosted", "about": "Bail-c1", "at": wall(), "once": hidden(form, "once")}
    before = desk.position()
    tried = words(one.send(f"{path}/try", **fields).text)
    assert "As recorded" in tried
    assert "No authority: must be released" in tried
    assert desk.position() == before
    for _ in range(2):
        assert one.send(f"{path}/record", **fields).status_code == 303
    assert desk.position() == before + 1
    assert verdict(one, "Bail") == Verdict.UNLAWFUL


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("at", "", "say when"),
        ("at", "2999-01-01T00:00", "has not come yet"),
        ("at", "2026-11-01T01:30", "happened twice"),
        ("at", "2026-03-08T02:30", "never happened"),
        ("at", "yesterday", "cannot read"),
        ("about", "nobody-c9", "expected a charge of this record"),
        ("once", "'; drop table", "not one of the desk's"),
        ("choice", "Released", "say what happened"),
        ("bail_cents", "much", "whole number"),
    ],
)
def test_a_form_that_cannot_be_an_event_says_which_field(
    field: str, value: str, says: str, desk: Desk
) -> None:
    one = desk.client("RECORDS")
    path = f"/people/{desk.stream('Bail')}"
    before = desk.position()
    fields = {"choice": "BailSet", "about": "Bail-c1", "at": wall(), "once": "0" * 16, field: value}
    found = one.send(f"{path}/record", **fields)
    assert (found.status_code, says in words(found.text)) == (422, True), words(found.text)
    assert desk.position() == before


def test_a_time_that_clocks_showed_twice_is_asked_again_and_taken_with_its_offset(desk: Desk) -> None:
    one = desk.client("RECORDS")
    path = f"/people/{desk.stream('Bail')}"
    fields = {"choice": "BailSet", "about": "Bail-c1", "once": "1" * 16}
    asked = one.send(f"{path}/try", **fields, at="2026-11-01T01:30")
    assert "2026-11-01T01:30:00-04:00 or 2026-11-01T01:30:00-05:00" in words(asked.text)
    assert '<input type="text" id="at"' in asked.text
    taken = one.send(f"{path}/try", **fields, at="2026-11-01T01:30:00-04:00")
    assert (taken.status_code, '<input type="datetime-local" id="at"' in taken.text) == (200, True)


def test_a_detainer_received_and_what_the_law_makes_of_it(desk: Desk) -> None:
    one = desk.client("OFFICER")
    path = f"/people/{desk.stream('Free')}"
    choice = "DetainerLodged-immigration-detainer"
    form = one.get(f"{path}/record?choice={choice}").text
    assert "I-247A" in form
    fields = {"choice": choice, "about": "d1", "at": wall(), "once": hidden(form, "once"), "form": "I-247N"}
    tried = words(one.send(f"{path}/try", **fields).text)
    assert "immigration" in tried or "d1" in tried
    assert "would support nothing" in tried


def test_a_supervisor_signs_for_custody_past_its_end_by_the_hour(desk: Desk) -> None:
    chief, officer, monitor = desk.client("SUPERVISOR"), desk.client("OFFICER"), desk.client("MONITOR")
    path = f"/people/{desk.stream('Free')}"
    assert officer.send(f"{path}/go-on", because="the door is being painted").status_code == 403
    assert chief.send(f"{path}/go-on", because="no").status_code == 409
    assert chief.send(f"{path}/go-on", because="the lock of the door is broken").status_code == 303
    assert "the lock of the door is broken" in chief.page(f"{path}/release")
    assert "the lock of the door is broken" in monitor.page("/releases")
    assert verdict(chief, "Free") == Verdict.UNLAWFUL
    bail = f"/people/{desk.stream('Bail')}"
    assert chief.send(f"{bail}/go-on", because="the lock of the door is broken").status_code == 409


def test_a_challenge_has_a_number_and_an_answer(desk: Desk) -> None:
    lawyer, chief = desk.client("DEFENDER"), desk.client("SUPERVISOR")
    path = f"/people/{desk.stream('Bail')}"
    assert lawyer.send(f"{path}/challenge", says="no", from_whom="me").status_code == 409
    done = lawyer.send(f"{path}/challenge", says="bail was posted <b>yesterday</b>", from_whom="the mother")
    assert done.status_code == 303
    html = chief.get(path).text
    assert "<b>yesterday</b>" not in html
    ticket = hidden(html, "ticket")
    assert chief.send(f"{path}/settle", ticket=ticket, outcome="", because="x").status_code == 409
    reply = {"ticket": ticket, "outcome": "record stands", "because": "the receipt is of another case"}
    assert chief.send(f"{path}/settle", **reply).status_code == 303
    desk.site.live.refresh()
    assert "the receipt is of another case" in chief.page("/tickets")


def test_the_same_answer_as_known_then_and_now(desk: Desk) -> None:
    one = desk.client("ATTORNEY")
    path = f"/people/{desk.stream('Free')}"
    at = wall(0.5)
    then = one.get(f"{path}.json?at={at}&known={wall(2)}").json()
    since = one.get(f"{path}.json?at={at}&known={wall()}").json()
    assert (then["verdict"], since["verdict"]) == ("LAWFUL", "UNLAWFUL")
    again = one.get(f"{path}.json?at={at}&known={wall(2)}")
    assert again.headers["etag"] == one.get(f"{path}.json?at={at}&known={wall(2)}").headers["etag"]
    shown = one.page(f"{path}?at={at}&known={wall(2)}")
    assert "Back to now" in shown
    assert one.get(f"{path}?at=rubbish").status_code == 422


def test_the_statement_says_the_same_in_both_languages(desk: Desk) -> None:
    one = desk.client("OFFICER")
    path = f"/people/{desk.stream('Free')}/statement"
    english, spanish = one.page(f"{path}?language=en"), one.page(f"{path}?language=es")
    assert "Nothing in the record gives the jail the right to hold you" in english
    assert "Nada en el expediente da a la cárcel el derecho de retenerle" in spanish
    found = one.get(f"{path}.json?language=es").json()
    assert found["language"] == "es"


def test_the_facts_of_a_petition_are_those_of_the_record_and_each_is_cited(desk: Desk) -> None:
    lawyer = desk.client("DEFENDER")
    path = f"/people/{desk.stream('Bail')}"
    html = lawyer.get(f"{path}/petition").text
    lines = re.findall(r"<li>(.*?)</li>", html.partition("<article")[2], re.DOTALL)
    answer = lawyer.get(f"{path}.json").json()
    assert all("<cite>" in line for line in lines)
    told = [line for line in lines if "event Bail-" in line]
    assert len(told) == 5
    for basis in answer["bases"]:
        assert any(basis["cite"] in unescape(line) for line in lines)
    assert answer["law"] in lines[-1]


def test_a_petition_says_since_when_nothing_supports_custody(desk: Desk) -> None:
    shown = desk.client("ATTORNEY").page(f"/people/{desk.stream('Free')}/petition")
    assert "bond posted, felony charge c1" in shown
    assert "nothing in the record and the law supports custody; it has been so since" in shown


def test_a_document_that_the_browser_has_is_not_sent_again(desk: Desk) -> None:
    one = desk.client("OFFICER")
    path = f"/people/{desk.stream('Free')}.json?at={wall(0.5)}&known={wall(0.2)}"
    first = one.get(path)
    again = one.http.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_that_brings_itself_up_to_date_keeps_no_session_awake(desk: Desk) -> None:
    at = [now()]
    object.__setattr__(desk.site, "clock", lambda: Instant(at[0]))
    one = desk.client("OFFICER")
    found: list[int] = []
    for _ in range(4):
        at[0] = Instant(at[0] + HOUR // 15)
        asked = one.http.get("/worklist", headers={"HX-Trigger": "board"}, follow_redirects=False)
        found.append(asked.status_code)
    assert found == [200, 200, 200, 401]


def test_a_ruling_shows_whom_it_would_change_and_changes_nothing(desk: Desk) -> None:
    lawyer = desk.client("ATTORNEY")
    before = desk.site.regimen.rulebook.digest
    text = BLANK.replace("PLACE/2000-name-of-the-enactment", "us/zz/2021-custody-act").replace(
        "PLACE", "us/zz"
    )
    sent = {"place": "us/zz", "slug": "2026-doe-v-zenith", "text": text}
    done = lawyer.send("/law/try", **sent)
    shown = words(done.text)
    assert done.status_code == 200, shown
    assert re.search(r"[1-9]\d* of \d+ answers would change", shown), shown
    assert desk.site.regimen.rulebook.digest == before
    for wrong in (
        {"text": "rubbish: ["},
        {"slug": "../../etc/passwd"},
        {"place": "us/zz/nowhere"},
        {"text": ""},
    ):
        refused = lawyer.send("/law/try", **{**sent, **wrong})
        assert (refused.status_code, "Not tried" in refused.text) == (422, True)


def test_the_log_shows_who_looked_and_no_name(desk: Desk) -> None:
    one, monitor = desk.client("OFFICER"), desk.client("MONITOR")
    one.page(f"/people/{desk.stream('Held')}")
    shown = monitor.page("/log")
    assert "OFFICER (release officer)" in shown
    assert "Held" not in shown
    found = monitor.get("/log.json?before=3").json()
    assert [each["seq"] for each in found["entries"]] == [2, 1, 0]


def test_accounts_are_made_with_what_they_need(desk: Desk) -> None:
    chief = desk.client("ADMINISTRATOR")
    good = {"name": "new", "role": "records", "places": "us/zz/juniper", "password": "a long password"}
    for wrong in (
        {"password": "short"},
        {"role": "king"},
        {"places": "atlantis"},
        {"name": "OFFICER"},
        {"name": ""},
    ):
        assert chief.send("/accounts", **{**good, **wrong}).status_code == 422
    assert chief.send("/accounts", **good).status_code == 303
    clerk = Clerk(desk)
    assert clerk.sign_in("new", "a long password").status_code == 303
    mine = chief.send("/accounts/change", name="ADMINISTRATOR", role="supervisor", places="us/zz")
    assert (mine.status_code, "nobody changes their own account" in words(mine.text).lower()) == (422, True)


def test_the_contract_names_every_document(desk: Desk) -> None:
    contract = Clerk(desk).get("/openapi.json").json()
    assert contract["openapi"] == "3.1.0"
    one = desk.client("SUPERVISOR")
    for path in contract["paths"]:
        found = one.get(path.replace("{person}", desk.stream("Bail")))
        assert (found.status_code, found.headers["content-type"]) == (200, "application/json"), path
    missing = one.get("/people/p-0.json")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{ 7*7 }}", '"><img src=x>', "%0d%0aSet-Cookie:a=b"]
)
def test_what_is_typed_comes_back_as_text(text: str, desk: Desk) -> None:
    one = desk.client("OFFICER")
    path = f"/people/{desk.stream('Bail')}"
    one.send(f"{path}/challenge", says=f"this is wrong: {text}", from_whom=text)
    for page in (path, f"/worklist?name={text}", "/tickets"):
        html = one.get(page).text
        assert text not in html or text in {"{{ 7*7 }}", "%0d%0aSet-Cookie:a=b"}
        assert "this is wrong: 49" not in html
