"""The server over HTTP: what it refuses, what it hands out, and that it is safe to leave on the open internet."""

from __future__ import annotations

import contextlib
import csv
import html
import io
import json
import re
import time
import zipfile
from urllib.parse import quote

import pandas as pd
import pytest
from tests.web_server import running

import suasion as su
from suasion.answers import numbers as n
from suasion.answers.render import as_json
from suasion.cli.app import OK, run
from suasion.questions import QUESTIONS

pytest.importorskip("fastapi", reason="the extra `app` is absent")
httpx = pytest.importorskip("httpx", reason="httpx absent")

ENERGY = "do=embargo&by=USA~EU&on=RUS&in=energy"
YAML = """\
name: Two measures
instruments:
  - type: embargo
    senders: [USA]
    targets: [RUS]
    sectors: [B06]
  - {type: transfer, senders: [EU], targets: [UKR], amount: 5000}
"""


@pytest.fixture(scope="module")
def app():
    return running()


@pytest.fixture(scope="module")
def client(app):
    with httpx.Client(base_url=app.address, timeout=90) as made:
        yield made


@pytest.mark.parametrize(
    "path",
    ["/", "/scenario", f"/scenario?{ENERGY}", "/products", "/data", "/method", "/claims", "/api", "/nowhere"],
)
def test_every_page_has_the_strict_policy(client, path):
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "server" not in answer.headers
    text = answer.text.replace('xmlns="http://www.w3.org/2000/svg"', "")  # a name, which nobody fetches
    assert not re.search(r"<script>|<style>|\sstyle=|\son[a-z]+=|https?://", text)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "",
        "[::2]:80",
        "127.0.0.1@evil.example",
        "localhost:80:80",
        "localhost:x",
        "localhost:99999",
        "[::1",
        "::1",
        ":80",
        "127.0.0.1,evil.example",
        "[::1]evil.example",
    ],
)
def test_other_host_names_are_refused(client, host):
    answer = client.get("/healthz", headers={"host": host})
    assert answer.status_code == 400
    assert "default-src 'none'" in answer.headers.get("content-security-policy", "default-src 'none'")


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost.", "127.0.0.1:8000", "127.0.0.1:", "[::1]:8000", "[0:0::1]"]
)
def test_local_host_names_are_answered(client, host):
    assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_pages_answer_head_without_a_body(client):
    whole, head = client.get("/data"), client.head("/data")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == whole.headers["content-type"]


def test_pages_are_compressed_and_not_sent_twice(client):
    first = client.get("/data")
    assert first.headers["content-encoding"] == "gzip"
    again = client.get("/data", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    plain = client.get("/data", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == first.text
    refused = client.get("/data", headers={"accept-encoding": "br, gzip;q=0"})
    assert "content-encoding" not in refused.headers


@pytest.mark.parametrize(
    ("path", "target"),
    [("/pair/Russia/CHN", "/dossier/RUS/CHN"), ("/state/DEU", "/country/DEU"), ("/leverage/DEU", "/leverage?holder=DEU"), ("/outlook/RUS/CHN", "/dossier/RUS/CHN?full=1#outlook"), ("/replace/CHN/AUS/260600", "/products/260600?buyer=CHN&stops=AUS"), ("/methods", "/method")],
)  # fmt: skip
def test_readable_addresses_lead_on(client, path, target):
    answer = client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    assert client.get("/pair/Narnia/CHN").status_code == 404


def test_a_number_is_taken_apart_and_the_log_and_the_state_are_told(client):
    address = "do=embargo&by=USA&on=RUS&in=energy"
    page = client.get(f"/scenario/why?{address}")
    while page.status_code == 202:
        page = client.get(f"/scenario/why?{address}")
    twin = client.get(f"/api/why?{address}").json()
    assert page.status_code == 200
    for row in table_of(twin, "parts"):
        assert n.signed_percent(-row["loss_percent"]).replace(" %", "\N{NO-BREAK SPACE}%") in page.text
    rows = list(csv.DictReader(io.StringIO(client.get(f"/scenario/why.csv?{address}").text)))
    assert [float(row["loss_percent"]) for row in rows] == [
        row["loss_percent"] for row in table_of(twin, "parts")
    ]
    assert client.get("/scenario/why").status_code == 422
    assert "2026" in client.get("/changes").text
    assert client.get("/healthz").json()["waiting"] == {
        "quick": 0,
        "heavy": 0,
        "slow": 0,
        "long": 0,
        "ahead": 0,
    }
    assert "OECD ICIO" in client.get("/status").text


def test_claims_are_told_with_numbers_commands_and_places(client):
    twin = client.get("/api/claims").json()
    page = client.get("/claims").text.replace("\N{NO-BREAK SPACE}", " ").replace("&#34;", '"')
    claims = table_of(twin, "claims")
    counted = twin["findings"][0]["values"]
    assert len(claims) == counted["count"] == 35
    assert sum(counted[kind] for kind in ("agree", "partly", "disagree", "not_measurable")) == 35
    for claim in claims:
        assert claim["reason"].lower().startswith(claim["claim_verdict"].replace("_", " "))
        assert claim["reason"] in html.unescape(page)
        assert all(command in page for command in claim["commands"].split("\n"))
    measured = table_of(twin, "claim-measured")
    assert {row["place"] for row in measured} == {claim["place"] for claim in claims}
    assert all(f">{html.escape(row['measured'])}</td>" in page for row in measured)
    assert page.count('href="/dossier/') > 35
    partly = table_of(client.get("/api/claims?verdict=partly").json(), "claims")
    assert {claim["claim_verdict"] for claim in partly} == {"partly"}
    assert len(partly) == counted["partly"]
    wrong = client.get("/claims?verdict=maybe")
    assert wrong.status_code == 422
    assert "there are agree, partly" in wrong.text


def test_claims_lead_to_sections_that_a_dossier_has(root):
    from suasion.dossier.site.claims import SECTIONS, claims_page

    folder = root / "src" / "suasion" / "dossier"
    text = "".join(
        file.read_text("utf-8") for file in [folder / "sections.py", *(folder / "chapters").glob("*.py")]
    )
    known = set(re.findall(r'Chapter\(\s*"(\w+)"', text)) | set(
        re.findall(r'^    \("(\w+)", "\w+", \(', text, re.MULTILINE)
    )
    known |= {question.chapter for question in QUESTIONS.values()}
    assert {place.rpartition("#")[2] for place in SECTIONS.values()} <= known
    paths = [link.path for key, links in claims_page().links.items() if key != "verdicts" for link in links]
    assert {path.rpartition("#")[2] for path in paths if path.startswith("/dossier/")} <= known
    assert all(
        re.match(r"/dossier/[A-Z]{3}/[A-Z]{3}(\?full=1)?#\w+$|/scenario\?do=embargo&by=", path)
        for path in paths
    )


def test_static_files_have_hashed_names_and_stay(client):
    page = client.get("/scenario").text
    names = re.findall(r'(?:src|href|data-look)="(/static/[^"]+)"', page)
    assert len(names) == 2  # a style sheet and a script: drawings are part of the page
    for name in names:
        answer = client.get(name)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        assert re.search(r"\.[0-9a-f]{16}\.(css|js|json)$", name)
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/..%2f..%2fsettings.py").status_code == 404


def test_json_is_read_strictly(client):
    body = '{"scenario": {"name": "x", "instruments": [{"type": "tariff", "senders": ["USA"], "targets": ["CHN"], "rate": 0.1%s}]}}'
    headers = {"content-type": "application/json"}
    for tail, words in ((', "rate": 0.9', "stands twice"), (', "mode": NaN', "no JSON number")):
        answer = client.post("/api/scenario", content=body % tail, headers=headers)
        assert answer.status_code == 422
        assert words in answer.json()["error"]["message"]


def test_large_bodies_and_addresses_are_refused(client):
    assert client.post("/api/scenario", content=b"x" * 70_000).status_code == 413
    stream = (b"x" * 1000 for _ in range(100))  # no content-length: it must stop by itself
    assert client.post("/scenario", content=stream).status_code == 413
    assert client.get("/scenario?name=" + "x" * 9000).status_code == 400


@pytest.mark.parametrize(
    ("path", "neighbour"),
    [("/dossier/RUX/CHN", "/dossier/RUS/CHN"), ("/dossier?a=Germny&b=China", "/dossier?a=DEU&amp;b=China"), ("/leverag", "/leverage"), ("/products/coal", "/products/270119"), ("/products/baxuite", "/products/260600"), ("/country/Frnace", "/country/FRA")],
)  # fmt: skip
def test_a_missing_page_suggests_neighbours(client, path, neighbour):
    answer = client.get(path)
    assert answer.status_code == 404
    assert f'href="{neighbour}"' in answer.text


def test_only_the_side_that_is_wrong_is_put_right(client):
    links = re.findall(r'href="(/dossier/[^"]+)"', client.get("/dossier/RUS/Chna").text)
    assert "/dossier/RUS/CHN" in links
    assert [link for link in links if not link.startswith("/dossier/RUS/")] == []


def test_a_wrong_method_is_405_with_what_is_allowed(client):
    answer = client.delete("/data")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "{{7*7}}", "{% raw %}", "'\"><img src=x onerror=y>", "\u2028</script>"],
)
def test_nothing_typed_becomes_markup_or_a_template(client, name):
    answer = client.get(f"/scenario?{ENERGY}&name={quote(name)}")
    if answer.status_code == 303:
        answer = client.get(answer.headers["location"])
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text
    assert "onerror=y>" not in answer.text
    assert "49" not in re.sub(
        r"[^<]*49 bn USD|\d[\d.]*49|49[\d.]+", "", answer.text.split("<main")[1].split("</h1>")[0]
    )


@pytest.mark.parametrize(
    "text",
    [
        "name: x\ninstruments: !!python/object/apply:os.system ['id']",
        "a: &a [1]\nname: *a",
        "name: x\ninstruments: [{type: embargo, senders: [../../etc/passwd], targets: [RUS]}]",
        "- 1",
        "{" * 5000,
        "name: x\ninstruments:\n" + "  - {type: embargo, senders: [USA], targets: [RUS]}\n" * 9,
    ],
)
def test_hostile_scenario_files_are_refused_in_words(client, text):
    answer = client.post("/scenario", data={"yaml": text})
    assert answer.status_code in (404, 422)
    assert "There was a fault" not in answer.text
    assert "Traceback" not in answer.text


def test_a_scenario_file_gets_an_address_and_comes_back(client):
    answer = client.post("/scenario", data={"yaml": YAML})
    assert answer.status_code == 303
    address = answer.headers["location"].partition("?")[2]
    text = client.get(f"/scenario.yaml?{address}").text
    assert "type: embargo" in text
    assert "amount: 5000" in text
    assert client.post("/scenario", data={"yaml": text}).headers["location"].partition("?")[2] == address


def test_a_clumsy_address_is_put_right(client):
    answer = client.get("/scenario?do=embargo&by=USA%2C+EU&on=RUS&in=energy&years=1&do=embargo&by=&on=&size=")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/scenario?{ENERGY}"


def plain(page: str) -> str:
    """Text of a page whose numbers lead to their tables, as it reads."""
    return re.sub(r'<a class="num"[^>]*>(.*?)</a>', r"\1", page).replace("\N{NO-BREAK SPACE}", " ")


def table_of(plain: dict, key: str) -> list[dict]:
    """Rows of a table of an answer in JSON."""
    (table,) = (one for one in plain["tables"] if one["key"] == key)
    names = [column["name"] for column in table["columns"]]
    return [dict(zip(names, row, strict=True)) for row in table["rows"]]


def sides_of(plain: dict) -> dict[tuple[str, str], dict]:
    return {(row["party"], row["horizon"]): row for row in table_of(plain, "sides")}


def test_page_json_and_csv_say_the_same(client):
    """Of a scenario that no other test asks: a page shows the range of one that has been asked for with its range."""
    asked = "do=embargo&by=USA~EU~JPN&on=RUS&in=energy"
    made = client.get(f"/api/scenario?{asked}").json()
    page = plain(client.get(f"/scenario?{asked}").text)
    for finding in made["findings"]:
        assert finding["sentence"] in page.replace("&#39;", "'")
    for row in table_of(made, "sides"):
        assert n.printed(row["loss_percent"], "percent") in page
    rows = list(csv.DictReader(io.StringIO(client.get(f"/scenario.csv?{asked}").text)))
    economies = table_of(made, "losses")
    assert [float(row["loss_percent"]) for row in rows] == [row["loss_percent"] for row in economies]
    assert {row["country"] for row in rows} == {row["country"] for row in economies}


def test_the_body_of_a_scenario_gives_the_same_answer(client):
    body = {"scenario": {"name": "x", "instruments": [{"type": "embargo", "senders": ["USA", "EU"], "targets": ["RUS"], "sectors": ["B05", "B06", "C19"]}]}}  # fmt: skip
    answer = client.post("/api/scenario", json=body).json()
    twin = client.get(f"/api/scenario?{ENERGY}").json()
    assert answer["tables"] == twin["tables"]
    assert client.post("/api/scenario", json={**body, "yeers": 3}).status_code == 422


def test_downloads_are_made_of_the_answer_that_is_kept(app, client, monkeypatch):
    """Once a scenario is answered no worker is asked again, whatever the form, and the bytes come soon."""
    client.get(f"/scenario?{ENERGY}")
    monkeypatch.setattr(
        app.app.state.service.pool, "submit", lambda *given, **more: pytest.fail("asked a worker")
    )
    for form in ("json", "csv", "md", "xlsx", "zip", "yaml"):
        answer = client.get(f"/scenario.{form}?{ENERGY}")
        assert answer.status_code == 200, form
        assert "attachment" in answer.headers["content-disposition"]
    for path in (
        "/scenario",
        "/scenario/part",
        "/scenario/glance",
        "/scenario/map.svg",
        "/embed/scenario/map",
    ):
        assert client.get(f"{path}?{ENERGY}").status_code == 200, path
    assert client.get("/compare", params={"s": [ENERGY, ENERGY]}).status_code == 200


def test_bands_are_a_job_with_progress_that_can_be_cancelled(app, client):
    address = "do=tariff&by=all&on=all&size=20&bands=1"  # many cells: it takes longer than the page about it
    answer = client.get(f"/api/scenario?{address}")
    assert answer.status_code == 202
    job = answer.headers["location"]
    assert client.get(job).json()["state"] in ("waiting", "running")
    page = client.get(f"/scenario?{address}")
    assert page.status_code == 202, page.text[:2000]
    assert "<progress" in page.text
    assert client.post(f"{job}/cancel").json()["state"] == "cancelled"
    assert not [task for task, _ in app.app.state.service.cache.kept_jobs() if "sweep" in task]
    assert client.get("/api/jobs/nothing").status_code == 404


def test_a_page_shows_central_numbers_until_their_ranges_are_there(client):
    page = client.get(path := "/api/answers/welfare_exposure.html?state=DEU&draws=100")
    while page.status_code == 202 and "central numbers" not in page.text:
        page = client.get(path)
    assert page.status_code == 202, "hundred draws take longer than a page waits"
    assert page.text.count("<table") == 1
    central = client.get("/api/answers/welfare_exposure.json?state=DEU&draws=0")
    assert central.status_code == 200, "what is shown first is the answer without draws, and is kept as such"
    job = re.search('data-job="([^"]+)"', page.text)[1]
    assert client.post(f"/api/jobs/{job}/cancel").json()["state"] == "cancelled"


def settled(client, path):
    """Answer of an address whose content may still be being made."""
    end = time.monotonic() + 180
    while (answer := client.get(path)).status_code == 202 and time.monotonic() < end:
        time.sleep(0.2)
    return answer


USUAL = "?audience=USA~EU"
"""Of who asks for no other: its links say so."""
DOSSIERS = [("DEU", "FRA", USUAL), pytest.param("RUS", "AFG", "?audience=none", marks=pytest.mark.evidence)]
"""That which the pages in a browser show too, which is made once; and one with an estimated state, on a world of all of them."""


@pytest.mark.parametrize(("a", "b", "asked"), DOSSIERS)
def test_a_dossier_is_the_same_as_page_and_as_data(client, a, b, asked):
    path = f"/dossier/{a}/{b}"
    page = settled(client, f"{path}{asked}")
    assert page.status_code == 200
    data = settled(client, f"/api{path}{asked}").json()
    assert data["schema"] == 3
    assert data["a"]["code"] == a
    assert data["answers"]["exit_cost"]["absent"] is None
    links = re.findall(rf'href="({path}/[a-z-]+\.csv[^"]*)"', page.text)
    assert links
    for link in links:
        assert client.get(link.replace("&amp;", "&")).headers["content-type"].startswith("text/csv")
    assert client.get(f"{path}/nothing.csv{asked}").status_code == 404
    frames = re.findall(rf'href="/embed({path}/screen-[a-z0-9-]+){re.escape(asked)}"', page.text)
    assert frames
    for frame in frames:  # a chart of a screen alone, and the same as a file, on paper of its own
        assert (
            '<svg xmlns="http://www.w3.org/2000/svg" class="chart wide"'
            in client.get(f"/embed{frame}{asked}").text
        )
        svg = client.get(f"{frame}.svg{asked}").text
        assert svg.startswith("<svg")
        assert 'fill="var(--paper)"' in svg
    folded = re.findall(rf'href="({path}/[a-z0-9-]+\.svg{re.escape(asked)})" download', page.text)
    assert len(folded) > len(frames)
    alone = client.get(folded[-1]).text
    assert alone.startswith("<svg")
    assert "@font-face" in alone
    assert client.get(f"{path}/nothing.svg{asked}").status_code == 404


def test_a_name_leads_to_its_code_with_what_was_asked(client):
    assert (
        client.get("/dossier/Russia/AFG?audience=none").headers["location"]
        == "/dossier/RUS/AFG?audience=none"
    )


@pytest.mark.browser
def test_a_dossier_is_printed_once_and_kept(client, chromium):
    path = f"/dossier/DEU/FRA.pdf{USUAL}"
    assert f'href="{path}"' in settled(client, "/dossier/DEU/FRA").text
    first = settled(client, path)
    assert first.status_code == 200
    assert first.headers["content-type"] == "application/pdf"
    assert 'filename="suasion-DEU-FRA.pdf"' in first.headers["content-disposition"]
    assert first.content[:5] == b"%PDF-"
    assert client.get(path).content == first.content  # a second print would carry another time


def test_without_a_browser_the_page_says_what_to_do(client, monkeypatch):
    monkeypatch.setenv("SUASION_CHROMIUM", "no-such-browser")
    answer = client.get("/dossier/RUS/COK.pdf?audience=none")
    assert answer.status_code == 501
    assert "apt-get install chromium" in answer.text
    assert 'href="/dossier/RUS/COK?audience=none"' in answer.text
    assert 'href="/dossier/RUS/COK.html?audience=none"' in answer.text
    told = client.get("/dossier/RUS/COK.pdf", headers={"x-fragment": "1"}).json()
    assert told["error"]["kind"] == "NoBrowser"


def test_leverage_pages_and_their_data(client):
    """Page, table and twin say the same of a holder; a state without a row says so."""
    asked = "/api/answers/leverage.json?holder=RUS"
    page = client.get(asked.replace("json", "html"))  # while it is made, who reads sees a page
    assert page.headers["content-type"].startswith("text/html")
    while (answer := client.get(asked)).status_code == 202:
        time.sleep(0.2)
    made = answer.json()
    count = next(one for one in made["findings"] if one["key"] == "leverage.count")
    page = client.get("/leverage?holder=RUS").text.replace("\N{NO-BREAK SPACE}", " ")
    assert count["sentence"] in html.unescape(page)
    assert client.get("/leverage.csv").text.count("\n") == 195 * 194 + 1
    assert "Afghanistan" in client.get("/leverage?holder=AFG").text


def test_home_answers_the_sentence(client):
    """The loss of the page is that of the table of all pairs, also for who asks without a script."""
    rows = csv.DictReader(io.StringIO(client.get("/leverage.csv").text))
    loss = next(
        float(row["short_percent"]) for row in rows if (row["country"], row["partner"]) == ("DEU", "CHN")
    )
    page = client.get("/?a=Germany&b=China").text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"About {loss:.1f} % of its spending power" in page
    assert "Not known" in client.get("/?a=COK&b=CHN").text


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Holland", "/country/NLD"), ("chips", "in=C26"), ("rare earths", "/products/284690"), ("asean", "/country/ASEAN"),
        ("germany china", "/dossier/DEU/CHN"), ("who could squeeze Kazakhstan", "/country/KAZ"), ("tariffs 2025", "/scenario?do=tariff"),
    ],
)  # fmt: skip
def test_search_knows_what_people_say(client, text, path):
    """Countries, pairs, goods and measures by what they are called; page and twin agree."""
    found = client.get("/api/search", params={"q": text}).json()["found"]
    paths = [lead["path"] for leads in found.values() for lead in leads]
    assert any(path in one for one in paths)
    page = html.unescape(client.get("/search", params={"q": text}).text)
    assert all(one in page for one in paths)


def test_only_embedded_figures_may_be_framed_and_they_run_no_script(client):
    for figure in ("sides", "map"):
        answer = client.get(f"/embed/scenario/{figure}?{ENERGY}")
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors *" in policy
        assert "script-src" not in policy
        assert "default-src 'none'" in policy
        assert "x-frame-options" not in answer.headers
        assert "<script" not in answer.text
        assert f'href="/scenario?{ENERGY.replace("&", "&amp;")}"' in answer.text
    assert client.get(f"/embed/scenario/nothing?{ENERGY}").status_code == 404
    assert client.get("/embed/scenario/map").status_code == 422
    for path in ("/", f"/scenario?{ENERGY}", f"/scenario/map.svg?{ENERGY}"):
        assert client.get(path).headers["x-frame-options"] == "DENY"


def test_a_citation_names_producers_run_version_world_and_day(client):
    made = client.get("/api/cite", params={"of": f"/scenario?{ENERGY}"}).json()
    twin = client.get(f"/api/scenario?{ENERGY}").json()
    assert made["run_id"] == twin["run"]["id"]
    assert made["text"].startswith("OECD (2025)")
    for words in (twin["title"], twin["run"]["id"][:12], made["version"], made["world"][:12], made["frozen"]):
        assert words in made["text"]
        assert words.replace("_", "") in made["bibtex"].replace("\\&", "&").replace("\\_", "") + made["text"]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", made["accessed"])
    assert made["permalink"] == f"{client.base_url}/scenario?{ENERGY}".replace("//scenario", "/scenario")
    page = client.get("/cite", params={"of": f"/scenario?{ENERGY}"})
    assert page.status_code == 200
    assert "&lt;iframe" in page.text
    bib = client.get("/cite.bib", params={"of": f"/scenario?{ENERGY}"})
    assert bib.text == made["bibtex"]
    product = client.get("/api/cite", params={"of": "/products/260600?buyer=CHN"}).json()
    assert product["text"].startswith("BACI")
    assert product["frozen"] == ""


def test_a_hostile_title_cannot_leave_its_field_in_bibtex_or_in_the_frame(client):
    name = '}, url = {x} \\input{/etc/passwd} "><script>alert(1)</script>'
    made = client.get("/api/cite", params={"of": f"/scenario?{ENERGY}&name={quote(name)}"}).json()
    title = made["bibtex"].split("\n")[2]
    assert title.count("{") - title.count("\\{") == title.count("}") - title.count("\\}")
    assert "\\input" not in made["bibtex"].replace("\\textbackslash{}input", "")
    for row in made["embeds"]:
        assert row["snippet"].count("<") == 2


@pytest.mark.parametrize("of", ["/etc/passwd", "//evil.example/x", "/api/scenario", "/cite?of=/cite", "/dossier/RUS", "javascript:alert(1)"])  # fmt: skip
def test_only_pages_can_be_cited(client, of):
    answer = client.get("/cite", params={"of": of})
    assert answer.status_code == 422
    assert "no page that can be cited" in answer.text


def test_a_frozen_result_stays_what_it_was(app, client):
    run = client.get(f"/api/scenario?{ENERGY}").json()["run"]["id"][:16]
    frozen = client.get(f"/result/{run}?{ENERGY}")
    assert frozen.status_code == 200
    assert "A frozen result" in frozen.text
    service = app.app.state.service
    facts = service.pool.facts
    try:
        service.pool.facts = {**facts, "world": "0" * 64}  # as if other data were served now
        assert client.get(f"/result/{run}?{ENERGY}").text == frozen.text
        gone = client.get(f"/result/{'0' * 16}?{ENERGY}")
    finally:
        service.pool.facts = facts
    assert gone.status_code == 410
    assert f'href="/scenario?{ENERGY.replace("&", "&amp;")}"' in gone.text
    assert client.get("/static/app.0000000000000000.css").is_redirect  # the look of its day is today’s
    assert client.get("/static/nothing.0000000000000000.css").status_code == 404


def test_the_archive_holds_everything_and_says_the_same(client):
    answer = client.get(f"/scenario.zip?{ENERGY}")
    assert answer.headers["content-type"] == "application/zip"
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    made = client.get(f"/scenario.json?{ENERGY}").json()
    tables = {f"{table['key']}.csv" for table in made["tables"]}
    assert set(packed.namelist()) == {"README.txt", "columns.csv", "answer.json", "scenario.yaml", *tables}
    read = {name: packed.read(name).decode() for name in packed.namelist()}
    assert read["losses.csv"] == client.get(f"/scenario.csv?{ENERGY}").text
    assert read["scenario.yaml"] == client.get(f"/scenario.yaml?{ENERGY}").text
    assert json.loads(read["answer.json"]) == made
    columns = list(csv.DictReader(io.StringIO(read["columns.csv"])))
    for table in made["tables"]:
        named = [row["column"] for row in columns if row["table"] == table["key"]]
        assert named == read[f"{table['key']}.csv"].splitlines()[0].split(",")
    assert made["run"]["id"] in read["README.txt"]


def test_other_assumptions_are_shown_beside_the_usual_ones(client):
    usual, moved = (client.get(f"/api/scenario?{ENERGY}{more}").json() for more in ("", "&ease=0.8"))
    runs = [made["run"]["id"][:12] for made in (usual, moved)]
    assert runs[0] != runs[1]
    page = client.get(f"/scenario?{ENERGY}&ease=0.8").text
    assert f'data-usual-run="{runs[0]}"' in page
    assert f"<code>{runs[1]}</code>" in page
    assert "data-usual-run" not in client.get(f"/scenario?{ENERGY}").text


def test_a_sweep_is_a_job_whose_numbers_are_those_of_its_scenarios(app, client):
    address = "by=USA~EU&on=RUS&do=embargo~tariff&size=25&in=energy&years=10"
    assert settled(client, f"/sweep?{address}").status_code == 200
    made = client.get(f"/api/sweep?{address}").json()
    rows = table_of(made, "scenarios")
    assert len(rows) == 4
    for row in rows:
        sides = sides_of(client.get(f"/api/scenario?{row['address']}").json())
        for name, code in (("", row["target"]), ("own_", row["coalition"])):
            loss = sides[code, "long"]["loss_percent"]
            assert row[f"{name}loss_percent"] == pytest.approx(
                loss, abs=2e-6
            )  # two solves to 1e-8 in welfare
    losses = [row["loss_percent"] for row in rows]
    assert losses == sorted(losses, reverse=True)
    assert made["findings"][0]["sentence"] in plain(client.get(f"/sweep?{address}").text)
    table = list(csv.DictReader(io.StringIO(client.get(f"/sweep.csv?{address}").text)))
    assert {row["task"] for row in table} == {"0", "1", "2", "3"}
    from suasion.sweep import parse_grid

    assert parse_grid(client.get(f"/sweep.yaml?{address}").text).model.horizons == [10.0]
    assert not [task for task, _ in app.app.state.service.cache.kept_jobs() if "sweep" in task]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("by=all&on=all&in=all~energy~metals&do=embargo", "scenarios; at most 1,000"),
        ("by=USA&on=RUS&do=transfer", "no instrument"),
        ("by=USA&on=RUS&size=nan&do=tariff", "must be a number"),
        ("by=USA&on=RUS&size=600&do=tariff", "No size fits"),
        ("by=USA&on=USA", "both sides"),
        ("by=USA&on=RUS&given=%2Fetc%2Fpasswd", "no parameter"),
        ("by=USA&on=RUS&in=..%2F..%2Fetc", "etc"),
        ("by=Wakanda&on=RUS", "Wakanda"),
    ],
)
def test_a_hostile_sweep_is_refused_in_words(client, address, words):
    answer = client.get(f"/sweep?{address}")
    if answer.is_redirect:
        answer = settled(client, answer.headers["location"])
    assert answer.status_code in (404, 422)
    assert words in answer.text


def test_a_single_state_is_compared_also_where_it_is_a_bystander(client):
    made = client.get("/api/compare", params={"s": [ENERGY, "do=tariff&by=USA&on=CHN&size=60"]}).json()
    china = [row for row in table_of({"tables": [made["table"]]}, "compared") if row["party"] == "CHN"]
    assert len(china) == 4
    assert all(row["loss_percent"] is not None for row in china)


def test_health_and_counters(client):
    assert client.get("/healthz").json()["status"] == "ok"
    text = client.get("/metrics").text
    assert re.search(r'suasion_requests_total\{method="GET",route="/healthz",status="200"\} \d+', text)


def test_the_log_holds_no_word_of_a_reader(app, client):
    before = len(app.lines)
    client.get("/dossier/Wakanda/Genovia?audience=Secretland", headers={"x-forwarded-for": "203.0.113.9"})
    client.get("/scenario?do=embargo&by=Secretland&on=RUS")
    client.post("/scenario", data={"yaml": "name: Secretland"})
    time.sleep(0.1)
    lines = app.lines[before:]
    assert len(lines) >= 3
    for line in lines:
        assert set(json.loads(line)) <= {"time", "level", "message", "method", "route", "status", "s"}
        assert not re.search("Secretland|Wakanda|203.0.113", line)


def test_the_command_says_where_it_serves(monkeypatch, capsys, tmp_path):
    from suasion.cli import serve
    from suasion.cli.app import OK, run

    seen = []

    def served(settings, announce):
        seen.append(settings)
        announce("http://127.0.0.1:8111")

    monkeypatch.setattr(serve, "serve", served)
    assert (
        run(
            [
                "serve",
                "--port",
                "8111",
                "--workers",
                "3",
                "--cache",
                str(tmp_path),
                "--allow-host",
                "a.example",
            ]
        )
        == OK
    )
    (settings,) = seen
    assert (settings.port, settings.workers, settings.cache) == (8111, 3, tmp_path)
    assert "a.example" in settings.hosts
    assert "http://127.0.0.1:8111" in capsys.readouterr().err


def test_the_openapi_document_holds_under_generated_requests(app):
    """All checks that schemathesis knows, on requests that fit the document and on others.

    A sample: `benchmarks/contract.py` runs the whole of it.
    """
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis absent")
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.errors import Unsatisfiable
    from schemathesis import GenerationMode
    from schemathesis.checks import CHECKS, load_all_checks

    load_all_checks()
    document = httpx.get(f"{app.address}/api/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    tried = []
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path.startswith("/api/dossier"):
            continue  # seconds each; its parser is fuzzed through the address functions

        @settings(
            max_examples=3,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        def attempt(case):
            case.call_and_validate(base_url=app.address, checks=CHECKS.get_all(), timeout=90)

        schemathesis_given(operation, GenerationMode.POSITIVE)(attempt)()
        with contextlib.suppress(Unsatisfiable):  # without parameters no request is out of form
            schemathesis_given(operation, GenerationMode.NEGATIVE)(attempt)()
        tried.append(operation.path)
    assert len(tried) >= 13


def test_a_path_says_which_methods_it_takes(client):
    for path, methods in (
        ("/api/scenario", "GET, POST"),
        ("/api/jobs/x", "GET"),
        ("/api/front", "GET"),
    ):
        answer = client.request("OPTIONS", path)
        assert (answer.status_code, answer.headers["allow"]) == (405, methods)


def test_the_api_tells_a_question_without_answer_from_a_request_out_of_form(client):
    assert client.get("/api/scenario?do=embargo&by=USA&on=USA").status_code == 409
    assert client.get("/api/claims?verdict=maybe").status_code == 422


def schemathesis_given(operation, mode):
    from hypothesis import given

    return given(case=operation.as_strategy(generation_mode=mode))


@pytest.mark.parametrize("form", ["json", "csv", "html"])
def test_every_question_has_an_address(client, form):
    asked = client.get(f"/api/answers/alliance.{form}?a=Russia&b=CHN&by=2030")
    assert asked.status_code == 200
    assert {"json": '"alliance.moved"', "csv": "pact,closes", "html": "<svg"}[form] in asked.text
    wrong = client.get(f"/api/answers/alliance.{form}?a=Russia")
    assert (wrong.status_code, "needs b" in wrong.text) == (422, True)


def test_tables_of_one_answer_are_told_apart_and_any_text_may_be_asked_for(client):
    """An entity tag of one table must not serve another's reader; a name beyond Latin letters is no header."""
    address = "/api/answers/alliance.csv?a=Russia&b=CHN&by=2030&table="
    tags = {client.get(address + name).headers["etag"] for name in ("quiet", "quiet", "moved", "skill")}
    assert len(tags) == 3
    for strange in ("%F0%96%9B%A8", "%22%0d%0a"):
        assert client.get(address + strange).status_code == 404
    assert client.get(address.replace(".csv", ".html") + "%F0%96%9B%A8").status_code == 200


def test_five_doors_give_one_answer(client, tmp_path, capsys):
    """Through a server, a terminal, Python and files: one question with an own option, number by number."""
    asked = {"a": "Russia", "b": "CHN", "by": "2030"}
    ours = su.alliance("Russia", "CHN", by=2030)
    sent = client.get("/api/answers/alliance.json", params=asked).json()
    assert run(["alliance", "Russia", "CHN", "--by", "2030", "--format", "json"]) == OK
    shell = json.loads(capsys.readouterr().out)
    files = {ending: ours.write(tmp_path / f"pact.{ending}") for ending in ("json", "csv")}
    assert sent == shell == json.loads(files["json"].read_text("utf-8")) == json.loads(as_json(ours))
    assert client.get("/api/answers/alliance.csv", params=asked).text == files["csv"].read_text("utf-8")
    names = {one["name"]: one["unit"] for one in sent["tables"][0]["columns"]}
    assert names == ours.frame.attrs["units"]
    assert pd.read_csv(files["csv"])["probability"].tolist() == ours.frame["probability"].tolist()


def test_own_elasticities_from_afar_are_no_files(client):
    asked = {"a": "RUS", "b": "CHN", "elasticities": "../mine.yaml"}
    wrong = client.get("/api/answers/exit_cost.json", params=asked)
    assert (wrong.status_code, "write sigma=4" in wrong.text) == (422, True)


def test_questions_say_their_arguments(client):
    made = client.get("/api/questions").json()
    assert made["arms"]["properties"]["window"]["default"] == 5


def test_messages_that_may_name_a_folder_are_not_told():
    from suasion.web.errors import shown_message

    message = "cannot read /srv/secret/table.csv"
    for kind in ("Disk", "Fault", "DataError", "ChecksumError", "OutputError", "SweepError"):
        assert "/srv" not in shown_message(kind, message)
    assert shown_message("UnknownCountryError", "Wakanda") == "Wakanda"


def test_what_is_no_fault_of_the_question_is_noted_and_not_kept_as_its_answer(app, client, monkeypatch):
    from suasion.errors import ChecksumError
    from suasion.web import routes_pages

    def spoilt(*_args):
        raise ChecksumError("The file /srv/secret/table.csv is not the one that was published.")

    monkeypatch.setattr(routes_pages, "method_context", spoilt)
    before = len(app.lines)
    answer = client.get("/method")
    noted = [json.loads(line) for line in app.lines[before:]]
    assert answer.status_code == 500
    assert "/srv" not in answer.text
    assert [one["kind"] for one in noted if one["level"] == "error"] == ["ChecksumError"]


def test_files_without_drawings_of_a_dossier_that_is_kept_need_no_worker(app, client, monkeypatch):
    settled(client, "/dossier/RUS/COK")
    archive = zipfile.ZipFile(io.BytesIO(client.get("/dossier/RUS/COK.zip").content))
    drawn = [name for name in archive.namelist() if name.startswith("charts/")]
    assert drawn
    assert all(b"aria-label" in archive.read(name) for name in drawn)
    assert client.get("/dossier/RUS/COK.html").content[:15].lower() == b"<!doctype html>"
    monkeypatch.setattr(
        app.app.state.service.pool, "submit", lambda *given, **more: pytest.fail("asked a worker")
    )
    begins = {"xlsx": b"PK", "md": b"# ", "json": b"{"}
    for form, begin in begins.items():
        answer = client.get(f"/dossier/RUS/COK.{form}")
        assert answer.content[: len(begin)].lower() == begin.lower(), form
        assert "attachment" in answer.headers["content-disposition"]


def test_a_pair_on_one_sheet(client):
    page = settled(client, "/dossier/RUS/COK")
    links = re.findall(r'href="(/(?:briefing|card)/[^"]+)"', page.text)
    assert [link.partition("?")[0] for link in links] == ["/briefing/RUS/COK.pdf", "/card/RUS/COK.png"]
    for link, kind, begin in zip(
        links, ("application/pdf", "image/png"), (b"%PDF-", b"\x89PNG"), strict=True
    ):
        answer = client.get(html.unescape(link))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == kind
        assert answer.content.startswith(begin)
        assert "RUS-COK" in answer.headers["content-disposition"]
