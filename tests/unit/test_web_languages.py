"""The language of an address and of a browser's wish, in a running server; a page is the same whoever spoke before it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.web_server import running

from suasion.answers.catalogue import LANGUAGE, speaking, spoken
from suasion.answers.language import alphabetical
from suasion.web.languages import root, rooted, split, wished

pytest.importorskip("fastapi", reason="the extra `app` is absent")
httpx = pytest.importorskip("httpx", reason="httpx absent")

GERMAN = {"accept": "text/html", "accept-language": "de-AT,de;q=0.9,en;q=0.5"}
ENTERS = {**GERMAN, "sec-fetch-site": "none"}


@pytest.fixture(scope="module")
def client() -> Any:
    with httpx.Client(base_url=running().address, timeout=60.0) as opened:
        yield opened


def linked(html: str) -> list[str]:
    """Addresses on this server that a page leads to, but those of fonts and sheets."""
    found = re.findall(r'(?:href|action|data-part|data-glance)="(/[^"]*)"', html)
    return [one for one in found if not one.startswith("/static/")]


@pytest.mark.parametrize(
    "path", ["/", "/country/DEU", "/closer/KAZ/RUS/CHN", "/pairs", "/scenario?do=tariff&by=USA&on=CHN"]
)
def test_a_page_in_german_leads_to_german_pages(client: Any, path: str) -> None:
    page = client.get(f"/de{path}", headers={"accept": "text/html"}, follow_redirects=True)
    assert page.status_code == 200
    assert page.headers["content-language"] == "de"
    assert '<html lang="de">' in page.text
    addresses = linked(page.text)
    assert len(addresses) > 5
    assert {split(one)[0] for one in addresses} == {"de", "en"}
    english = [one for one in addresses if split(one)[0] == "en"]
    assert english == ["/en/"]  # the switch of the foot


def test_other_languages_are_named_in_the_head(client: Any) -> None:
    """Each address names the same page in all languages, and the one without a name."""
    for path in ("/country/DEU", "/de/country/DEU", "/en/country/DEU"):
        told = client.get(path).headers["link"]
        for place, code in (
            ("/de/country/DEU", "de"),
            ("/en/country/DEU", "en"),
            ("/country/DEU", "x-default"),
        ):
            assert f'<{place}>; rel="alternate"; hreflang="{code}"' in told


def test_a_browser_is_led_to_its_language_where_it_enters(client: Any) -> None:
    entered = client.get("/country/DEU?x=1", headers=ENTERS)
    assert (entered.status_code, entered.headers["location"]) == (302, "/de/country/DEU?x=1")
    assert "Accept-Language" in entered.headers["vary"]
    assert client.get("/", headers=GERMAN).headers["location"] == "/de/"
    stays = [
        ("/country/DEU", {**GERMAN, "sec-fetch-site": "same-origin"}),  # followed a link of an English page
        ("/en/country/DEU", ENTERS),  # asked for by name
        ("/country/DEU", {**ENTERS, "accept-language": "en,de;q=0.4"}),
        ("/country/DEU", {**ENTERS, "accept-language": "fr"}),
        ("/country/DEU", {**ENTERS, "accept-language": "de;q=x,;;,*"}),
        ("/api/search?q=Germany", ENTERS),
        ("/data", {**ENTERS, "accept": "*/*"}),
    ]
    for path, headers in stays:
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, (path, headers)
        assert answer.headers.get("content-language", "en") == "en"


def test_a_place_to_which_a_page_leads_is_within_the_language(client: Any) -> None:
    moved = client.get("/de/country/germany", headers={"accept": "text/html"})
    assert (moved.status_code, moved.headers["location"]) == (303, "/de/country/DEU")
    away = client.get("/de//example.org/", headers={"accept": "text/html"})
    assert away.status_code == 404


def test_what_is_kept_in_one_language_is_not_given_in_another(client: Any) -> None:
    """Bytes and tags of a page depend on its language alone."""
    first = client.get("/country/KAZ")
    german = client.get("/de/country/KAZ")
    again = client.get("/country/KAZ")
    assert first.content == again.content != german.content
    assert first.headers["etag"] == again.headers["etag"] != german.headers["etag"]
    assert "Kasachstan" in german.text
    assert "Kasachstan" not in first.text


def test_answers_speak_the_language_of_their_address(client: Any) -> None:
    told = {
        start: client.get(f"{start}/api/answers/dependence.html?a=DEU&b=CHN").text for start in ("", "/de")
    }
    assert "Deutschland" in told["/de"]
    assert "Deutschland" not in told[""]
    assert client.get("/de/nowhere", headers={"accept": "text/html"}).status_code == 404


def test_names_stand_in_the_order_of_the_alphabet(client: Any) -> None:
    """Ä, Ö and Ü stand with A, O and U: Ägypten before Albanien, Österreich before Pakistan."""
    page = client.get("/de/pairs").text
    shown = re.findall(r'<option value="([^"]*)">', page)
    place = shown.index
    assert place("Ägypten") < place("Albanien") < place("Österreich") < place("Pakistan")
    assert alphabetical("Österreich") == alphabetical("osterreich")


def test_a_wish_is_read_by_its_weights() -> None:
    assert wished("fr-CH, fr;q=0.9, de;q=0.8, en;q=0.7") == "de"
    assert wished("en-GB,en;q=0.9,de;q=0.8") == "en"
    assert wished("de;q=0, en;q=0.1") == "en"
    assert [wished(one) for one in ("", "*", "xx", "de;q=", ";;,", "de" * 40)] == [""] * 6


def test_addresses_of_a_page_get_their_beginning_once() -> None:
    html = '<a href="/x?a=1">x</a><a href="/static/a.css">s</a><a href="//a/">b</a><a href="/en/">e</a><form action="/f">'
    assert rooted(html) == html
    with speaking("de"):
        assert (spoken(), root()) == ("de", "/de")
        once = rooted(html)
        assert once == html.replace('"/x', '"/de/x').replace('"/f', '"/de/f')
        assert rooted(once) == once
    assert spoken() == LANGUAGE
    assert split("/device") == ("", "/device")
    assert split("/de") == ("de", "/")
