"""The addresses under which a class is joined, and their QR code."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import parse_qs, urlsplit

import pytest
import segno

from playground.ui.classroom import addresses
from playground.ui.classroom.addresses import (
    chosen,
    hosts,
    is_local,
    join_address,
    lan_addresses,
    link,
    ordered,
    qr_code,
)

URL = "http://localhost:8501/class"


def test_the_address_that_leads_out_comes_first_and_private_ones_before_public() -> None:
    found = ["127.0.0.1", "8.8.8.8", "169.254.3.4", "10.0.0.7", "192.168.1.20"]
    assert ordered(found, "192.168.1.20") == ("192.168.1.20", "10.0.0.7", "8.8.8.8")


def test_this_machine_alone_is_named_only_where_there_is_nothing_else() -> None:
    assert ordered(["127.0.0.1", "no address", "fe80::1", "0.0.0.0"], None) == ("127.0.0.1",)
    assert ordered([], None) == ("127.0.0.1",)


@pytest.mark.parametrize("with_psutil", [True, False])
def test_this_machine_has_an_address(with_psutil: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not with_psutil:
        monkeypatch.setattr(addresses, "psutil", None)
    found = lan_addresses()
    assert found
    assert "127.0.0.1" not in found or found == ("127.0.0.1",)


def test_a_browser_at_the_server_itself_names_the_addresses_of_the_network() -> None:
    assert hosts(URL, ["10.0.0.7", "10.0.1.7"]) == ("10.0.0.7", "10.0.1.7")
    assert hosts("http://[::1]:8501/class", ["10.0.0.7"]) == ("10.0.0.7",)


def test_a_name_that_reaches_the_server_is_the_first_choice() -> None:
    assert hosts("http://room.local:80/", ["10.0.0.7"]) == ("room.local", "10.0.0.7")
    assert hosts("http://10.0.0.7:8501/", ["10.0.0.7", "10.0.1.7"]) == ("10.0.0.7", "10.0.1.7")


def test_what_a_certificate_does_not_name_is_not_offered() -> None:
    assert hosts("https://play.school.org/class", ["10.0.0.7"]) == ("play.school.org",)


def test_only_an_address_of_the_server_can_be_chosen() -> None:
    choices = hosts(URL, ["10.0.0.7", "10.0.1.7"])
    assert chosen("10.0.1.7", choices) == "10.0.1.7"
    for wanted in (None, "", "evil.example", "10.0.1.7:80/x?"):
        assert chosen(wanted, choices) == "10.0.0.7"


@pytest.mark.parametrize(
    ("host", "local"),
    [("localhost", True), ("127.0.0.9", True), ("::1", True), ("10.0.0.7", False), ("a.b", False)],
)
def test_which_names_mean_the_device_itself(host: str, local: bool) -> None:
    assert is_local(host) is local


@pytest.mark.parametrize(
    ("url", "host", "address"),
    [
        (URL, "10.0.0.7", "http://10.0.0.7:8501/class?code=AB12"),
        ("http://localhost:8501/", "10.0.0.7", "http://10.0.0.7:8501/class?code=AB12"),
        ("https://a.org/play/class", "a.org", "https://a.org/play/class?code=AB12"),
        ("http://a.org/play/", "fd00::7", "http://[fd00::7]/play/class?code=AB12"),
    ],
)
def test_scheme_port_and_path_are_those_of_this_browser(url: str, host: str, address: str) -> None:
    assert join_address(url, host, "AB12") == address


def test_what_stands_in_a_link_comes_out_of_it_again() -> None:
    made = urlsplit(link(URL, "10.0.0.7", key="a&b=c d/#?é", code="1"))
    assert parse_qs(made.query) == {"key": ["a&b=c d/#?é"], "code": ["1"]}
    assert made.fragment == ""


def modules(svg: str) -> list[list[int]]:
    """The dark modules of a QR code as its image shows them, quiet zone included."""
    image = ElementTree.fromstring(svg)
    side = int(image.attrib["viewBox"].split()[2])
    (ink,) = [path for path in image.iter("path") if "stroke" in path.attrib]
    grid = [[0] * side for _ in range(side)]
    x = y = 0.0
    for step, numbers in re.findall(r"([Mmh])([-\d. ]+)", ink.attrib["d"]):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if step == "h":
            for column in range(int(x), int(x + values[0])):
                grid[int(y)][column] = 1
            x += values[0]
        else:
            x, y = (values[0], values[1]) if step == "M" else (x + values[0], y + values[1])
    return grid


def test_the_image_has_the_modules_of_the_address_and_room_around_them() -> None:
    address = "http://192.168.100.200:8501/class?code=ABC234"
    expected = segno.make(address, error="m", micro=False).matrix_iter(border=4)
    assert modules(qr_code(address, "x")) == [[int(bool(one)) for one in row] for row in expected]


def test_the_image_says_what_it_is() -> None:
    image = ElementTree.fromstring(qr_code("http://a.org/class", 'Join "A" & <B>'))
    assert image.attrib["role"] == "img"
    assert image.attrib["aria-label"] == 'Join "A" & <B>'
    assert "width" not in image.attrib
