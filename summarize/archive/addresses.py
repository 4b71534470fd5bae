"""Which addresses may be fetched: public ones, so that no article and no redirect reaches into the user's network.

A name is looked up once, every address that it has must be public, and what is connected to is that very address:
a name that leads elsewhere a moment later (DNS rebinding) changes nothing. Numbers in other clothes (2130706433,
0x7f.1, ::ffff:127.0.0.1) are judged by what the system makes of them.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import Final, NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

from summarize.archive.members import shown
from summarize.errors import InputError

_PORTS: Final = {"http": 80, "https": 443}
_PRIVILEGED: Final = 1_024  # ports below belong to the services of a machine; the web has two of them
_LONGEST, _LONGEST_HOST = 8_192, 253  # characters
_ENDS: Final = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NEVER: Final = tuple(
    ipaddress.ip_network(one)
    for one in (
        "0.0.0.0/8", "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32",  # the last: a cloud's own, though public
        "::/96", "64:ff9b:1::/48", "2001::/23", "fec0::/10",
    )
)  # fmt: skip
_SAFE: Final = "/%:@!$&'()*+,;=~-._?"


class Address(NamedTuple):
    """Where to connect: `host` as in ASCII, `ips` that were checked, `target` what is asked for (path and query)."""

    scheme: str
    host: str
    port: int
    target: str
    ips: tuple[str, ...]

    @property
    def url(self) -> str:
        """The address in full, without what would be secret in it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def checked(url: str, *, private: bool = False) -> Address:
    """`url` taken apart, its host looked up. `private` permits hosts of this machine and its network.

    Raises InputError for what is no http(s) URL, holds a password, has a port that is not the web's, a host that
    does not exist, or one with an address that is not public.
    """
    where = told(url)
    parts, port = _parts(url, where)
    host = _ascii(parts.hostname or "", where)
    if port != _PORTS[parts.scheme] and port < _PRIVILEGED:
        raise InputError(f"port {port} is not one of the web's", where=where)
    named = host.rstrip(".").lower()
    if not private and any(named == end or named.endswith(f".{end}") for end in _ENDS):
        raise _refused(host, where)
    ips = _looked_up(host, port, where)
    for ip in ips:
        if not private and not is_public(ip):
            raise _refused(host if host == ip else f"{host} ({ip})", where)
    path, query = quote(parts.path or "/", safe=_SAFE), quote(parts.query, safe=_SAFE)
    return Address(parts.scheme, host, port, f"{path}?{query}" if query else path, ips)


def told(url: str) -> str:
    """`url` as it may be shown in an error: without a password, on one line, cut."""
    bare = re.sub(r"(?<=//)[^/?#\s]*@", "", url[:_LONGEST])
    return shown(bare[:300])


def is_public(ip: str) -> bool:
    """Whether an IP address is one of the public internet; also of what is wrapped in it (6to4, NAT64, mapped)."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if address.sixtofour is not None:
            return is_public(str(address.sixtofour))
        if address in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)))
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _parts(url: str, where: str) -> tuple[SplitResult, int]:
    if len(url) > _LONGEST:
        raise InputError(f"this URL has more than {_LONGEST:,} characters", where=where)
    if any(c.isspace() or not c.isprintable() for c in url) or "\\" in url:
        raise InputError("this URL has characters that none may have", where=where)
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError as error:
        raise InputError("this is no URL", where=where) from error
    if scheme not in _PORTS:
        raise InputError("only http:// and https:// are fetched", where=where)
    if not host:
        raise InputError("this URL names no host", where=where)
    if "@" in parts.netloc:
        raise InputError("this URL holds a name or password, which is not sent", where=where)
    return parts, _PORTS[scheme] if port is None else port


def _ascii(host: str, where: str) -> str:
    """A host's name as DNS has it."""
    if len(host) > _LONGEST_HOST:
        raise InputError("this URL's host is too long for one", where=where)
    if host.isascii():
        return host
    import idna  # noqa: PLC0415  # few hosts need it

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError as error:
        raise InputError("this URL's host is no name that a host can have", where=where) from error


def _looked_up(host: str, port: int, where: str) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(
            f"the host {host} cannot be found", where=where, hint="check the URL, and the network"
        ) from error
    ips = tuple(dict.fromkeys(str(address[0]) for *_, address in found))
    if not ips:
        raise InputError(f"the host {host} has no address", where=where)
    return ips


def _refused(host: str, where: str) -> InputError:
    what = f"{host} is not a public address, so it is not fetched"
    return InputError(what, where=where, hint="--allow-private-hosts permits it, if you mean it")
