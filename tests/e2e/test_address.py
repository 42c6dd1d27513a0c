from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.e2e.server import SOON, Server, open_train


def test_bad_values_in_the_address_are_named(page: Page, server: Server) -> None:
    open_train(page, server, "epochs=abc&learning_rate=99&hidden_layers=9999&colour=red&run=nope")
    alerts = page.get_by_test_id("stAlert")
    for words in ("epochs=abc", "learning_rate=99", "hidden_layers=9999", "“colour”", "“nope”"):
        expect(alerts.filter(has_text=words)).to_have_count(1, timeout=SOON)
    expect(page.get_by_label("Units in layer 1", exact=True)).to_have_value("1024")
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("10")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert "Traceback" not in page.content()


def test_a_nasty_address_is_shown_as_it_is(page: Page, server: Server) -> None:
    names = [
        "https://evil.example/a",
        "www.evil.example",
        "me@evil.example",
        ":material/home:",
        ":material_home:",
        ":smile:",
        ":red[x]",
        "$x$",
        "<b>x</b>",
        "`x`",
        "->",
    ]
    open_train(page, server, urlencode(dict.fromkeys(names, "1")))
    alert = page.get_by_test_id("stAlert").filter(has_text="evil.example")
    for name in names[:9]:  # one line more says how many others there are
        expect(alert).to_contain_text(f"“{name}”", timeout=SOON)
    expect(alert.get_by_role("link")).to_have_count(0)
    expect(alert.locator("b, .katex, p [style*=color], li [style*=color]")).to_have_count(0)
    expect(alert.get_by_test_id("stIconMaterial")).to_have_count(0)


def test_the_address_follows_the_knobs_and_brings_them_back(
    page: Page, server: Server, chromium: Browser
) -> None:
    open_train(page, server)
    for label, value in (("Epochs", "7"), ("Units in layer 1", "33")):
        page.get_by_label(label, exact=True).fill(value)
        page.get_by_label(label, exact=True).press("Enter")
    # The slider's thumb is what the keys move.
    page.get_by_role("slider", name="Hidden layers").press("ArrowRight")
    expect(page.get_by_label("Units in layer 2", exact=True)).to_be_visible(timeout=SOON)
    expect(page).to_have_url(re.compile(r"hidden_layers=33(%2C|,)\d+.*epochs=7"), timeout=SOON)
    second = page.get_by_label("Units in layer 2", exact=True).input_value()
    query = parse_qs(urlsplit(page.url).query)
    assert query["hidden_layers"] == [f"33,{second}"]

    elsewhere = chromium.new_context()
    try:
        other = elsewhere.new_page()
        other.goto(page.url.replace("/?", "/train?"))
        expect(other.get_by_label("Epochs", exact=True)).to_have_value("7", timeout=SOON)
        expect(other.get_by_label("Units in layer 1", exact=True)).to_have_value("33")
        expect(other.get_by_label("Units in layer 2", exact=True)).to_have_value(second)
        expect(other.get_by_test_id("stAlert").filter(has_text="address")).to_have_count(0)
    finally:
        elsewhere.close()
