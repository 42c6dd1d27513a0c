"""How the students' devices reach this server: its addresses, and the way in as a QR code."""

from __future__ import annotations

import ipaddress
import socket
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from urllib.parse import quote, urlsplit, urlunsplit

import segno

from playground.figures.style import INK, PAPER
from playground.ui import location, navigation

try:
    import psutil
except ImportError:  # the way without it finds one address
    psutil = None

_LOCAL = "127.0.0.1"
# Never asked for anything: from the address that would be used to get there, one learns which of
# this machine's own addresses leads out. It is reserved for documentation (RFC 5737).
_ELSEWHERE = ("192.0.2.1", 9)
# Bridges of containers and machines within this one: nobody in the room reaches them.
_VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "cni", "flannel")
_QUIET = 4  # modules of white around a QR code, as ISO/IEC 18004 wants


def lan_addresses() -> tuple[str, ...]:
    """This machine's IPv4 addresses, the likeliest first; 127.0.0.1 only where there is no other.

    The likeliest is the one that leads out of this machine, then private ones.
    """
    return ordered(_of_interfaces(), _outward())


def ordered(found: Iterable[str], outward: str | None) -> tuple[str, ...]:
    """The addresses of `found` and `outward` that other devices can use; see `lan_addresses`."""
    usable = [one for one in dict.fromkeys([*([outward] if outward else []), *found]) if _fits(one)]
    usable.sort(key=lambda one: (one != outward, not ipaddress.ip_address(one).is_private))
    return tuple(usable) or (_LOCAL,)


def _fits(address: str) -> bool:
    try:
        parsed = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified)


def _of_interfaces() -> list[str]:
    if psutil is None:
        try:
            return list(socket.gethostbyname_ex(socket.gethostname())[2])
        except OSError:
            return []
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    return [
        one.address
        for name, each in psutil.net_if_addrs().items()
        if name in up and not name.startswith(_VIRTUAL)
        for one in each
        if one.family == socket.AF_INET
    ]


def _outward() -> str | None:
    """The address from which this machine would send into the network; None without a network."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unused:
            unused.connect(_ELSEWHERE)
            return str(unused.getsockname()[0])
    except OSError:
        return None


def hosts(url: str, found: Iterable[str]) -> tuple[str, ...]:
    """The host names and addresses to choose from, the best one first.

    Args:
        url: under which this browser reaches the server.
        found: addresses of the server: `lan_addresses()`.
    """
    split = urlsplit(url)
    here = split.hostname or _LOCAL
    if is_local(here):
        return tuple(found) or (_LOCAL,)
    # A certificate is for one name, and a proxy answers at its own address.
    return (here,) if split.scheme == "https" else tuple(dict.fromkeys((here, *found)))


def chosen(wanted: str | None, choices: tuple[str, ...]) -> str:
    """The host that was chosen, if it is one of `hosts`; else the best one.

    Args:
        wanted: what was chosen once, or stands in a link: anything.
        choices: from `hosts`.
    """
    return next((host for host in choices if host == wanted), choices[0])


def is_local(host: str) -> bool:
    """Whether this is a name that means, on every device, the device itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def join_address(url: str, host: str, code: str) -> str:
    """The address that opens the page Class with a join code filled in.

    Args:
        url: of the page Class as this browser reaches it: scheme, port and path stay.
        host: in place of the one in `url`.
        code: to join with.
    """
    return link(url, host, **{location.CODE: code})


def link(url: str, host: str, /, **query: str) -> str:
    """The address of the page Class with this query: as `join_address`."""
    split = urlsplit(url)
    named = f"[{host}]" if ":" in host else host
    where = f"{named}:{split.port}" if split.port else named
    page = f"/{navigation.CLASS.path}"
    folder = split.path.rstrip("/").removesuffix(page)
    said = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    return urlunsplit((split.scheme or "http", where, folder + page, said, ""))


def qr_code(address: str, alt: str) -> str:
    """A QR code as SVG to be put into a page: black on white under every theme, of any size.

    Args:
        address: what a camera reads.
        alt: what a screen reader says in its place.
    """
    named = f'<svg role="img" aria-label="{escape(alt)}" '
    return named + _svg(address).removeprefix("<svg ")


def qr_picture(address: str) -> str:
    """A QR code as the address of an image."""
    svg = _svg(address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _svg(address: str) -> str:
    drawn = segno.make_qr(address, error="m")
    text: str = drawn.svg_inline(border=_QUIET, dark=INK, light=PAPER, omitsize=True)
    return text
