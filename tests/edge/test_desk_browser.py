"""The desk in a real browser: a journey with scripts, by keyboard, without scripts; and axe-core on every page."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import chromium
from small_desks import PASSWORD, Desk, small_desk

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]
# A test's browser talks to its own server and to nobody else.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = (
    "/sign-in",
    "/worklist",
    "/handover",
    "/people/{Free}",
    "/people/{Bail}",
    "/people/{Bail}/statement?language=en",
    "/people/{Bail}/statement?language=es",
    "/people/{Bail}/petition",
    "/people/{Bail}/record?choice=BailSet",
    "/people/{Bail}/orders",
    "/people/{Free}/release",
    "/people/{Bail}/release",
    "/releases",
    "/tickets",
    "/law?place=us/zz/juniper",
    "/law/enactment?name=us/zz/juniper/2021-detainer-ordinance",
    "/law/try",
    "/log",
    "/people/nobody",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = small_desk(tmp_path_factory.mktemp("browser") / "ledger")
    yield made
    made.site.accounts.close()


@pytest.fixture(scope="module")
def address(desk: Desk) -> Iterator[str]:
    port = free_port()
    command = Path(sys.executable).with_name("habeas")
    folder = desk.site.folder.path
    with subprocess.Popen(
        [command, "serve", folder, "--port", str(port), "--source-times"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as server:
        try:
            yield waited_for(f"http://127.0.0.1:{port}", server)
        finally:
            server.terminate()
            server.wait(20)


def waited_for(address: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(240):
        assert server.poll() is None, server.stderr and server.stderr.read()
        try:
            socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), 1).close()
        except OSError:
            time.sleep(0.25)
        else:
            return address
    raise AssertionError("the server did not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - where a browser is at hand

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        opened.close()


def sign_in(page: Any, address: str, name: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_function("!location.pathname.startsWith('/sign-in')")
    page.wait_for_load_state()


def path_of(page: str, desk: Desk) -> str:
    for person in ("Free", "Bail"):
        page = page.replace(f"{{{person}}}", desk.stream(person))
    return page


@pytest.mark.parametrize("width", [1440, 768, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    width: int, scheme: Any, browser: Any, address: str, desk: Desk
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - as above

    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []

    def heard(line: Any) -> None:
        if "Content Security" in line.text:
            complaints.append(line.text)

    page.on("console", heard)
    sign_in(page, address, "SUPERVISOR")
    for each in PAGES:
        page.goto(address + path_of(each, desk))
        page.wait_for_load_state()
        found = Axe().run(page)
        assert found.violations_count == 0, (each, width, found.generate_report())
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (each, width, wide)
    assert complaints == []
    context.close()


def test_a_release_officer_at_two_in_the_morning(browser: Any, address: str) -> None:
    one, two = browser.new_context(), browser.new_context()
    ada, ben = one.new_page(), two.new_page()
    sign_in(ada, address, "OFFICER")
    ada.get_by_role("link", name="Release now: Free").click()
    assert ada.locator("#answer-is").inner_text() == "No authority: must be released"
    ada.get_by_label("bond posted: receipt in hand").fill("receipt 12, $500")
    ada.get_by_label("Ground of release").fill("bond posted, nothing else")
    ada.get_by_role("button", name="Begin: first signature").click()
    assert "another person has to approve it" in ada.content()
    sign_in(ben, address, "OFFICER2")
    ben.get_by_role("link", name="Releases").click()
    ben.get_by_role("link", name="Free").click()
    ben.get_by_role("button", name="I have looked myself: approve").click()
    ada.reload()
    ada.get_by_label("At the door").fill("photo, date of birth said aloud")
    ada.get_by_role("button", name="Out of the door, now").click()
    assert ada.locator("#answer-is").inner_text() == "Not in custody"
    # The other's worklist follows without a reload.
    ben.goto(f"{address}/worklist")
    ben.wait_for_function("!document.querySelector('#board').innerText.includes('Free')", timeout=20_000)
    one.close()
    two.close()


def test_sliders_by_keyboard_say_both_times_in_the_address(browser: Any, address: str, desk: Desk) -> None:
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, address, "ATTORNEY")
    page.goto(f"{address}/people/{desk.stream('Bail')}")
    slider = page.get_by_role("slider", name="True when")
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_url("**/people/*at=*known=*")
    page.wait_for_function("document.querySelector('.asked').innerText.startsWith('Asked of')")
    assert page.evaluate("document.activeElement.getAttribute('data-for')") == "at"
    context.close()


def test_everything_works_without_scripts(browser: Any, address: str, desk: Desk) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, address, "SUPERVISOR")
    page.get_by_role("link", name="Bail", exact=True).click()
    page.get_by_label("True when", exact=True).fill("2020-01-01T00:00")
    page.get_by_role("button", name="Ask").click()
    assert page.get_by_role("heading", name="Nothing known then").or_(page.locator("#answer-is")).is_visible()
    page.goto(f"{address}/people/{desk.stream('Bail')}/record?choice=BondPosted")
    page.get_by_role("button", name="Try it without saving").click()
    assert "With this event" in page.content()
    context.close()


def test_first_visit_and_later_pages_are_small(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    sizes: dict[str, int] = {}
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    asked: dict[str, str] = {}

    def begun(event: Any) -> None:
        asked[event["requestId"]] = event["request"]["url"]

    def ended(event: Any) -> None:
        sizes[asked[event["requestId"]]] = int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", begun)
    session.on("Network.loadingFinished", ended)
    sign_in(page, address, "MONITOR")
    page.wait_for_timeout(500)
    assert sum(sizes.values()) < 60_000, sizes
    sizes.clear()
    page.goto(f"{address}/tickets")
    page.wait_for_timeout(300)
    assert sum(sizes.values()) < 10_000, sizes
    context.close()
