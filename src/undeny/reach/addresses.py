"""Addresses as sets of networks: one address, a prefix list, or "somewhere on the public internet"; what a rule's CIDR says of them."""

from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network

Net = IPv4Network | IPv6Network
Ranges = tuple[Net, ...]

# https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
_NOT_PUBLIC = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
)  # fmt: skip
PRIVATE = tuple(ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
SHARED = ip_network("100.64.0.0/10")
LINK_LOCAL = (ip_network("169.254.0.0/16"), ip_network("fd00:ec2::/32"))


@cache
def public(*, ipv6: bool = False) -> Ranges:
    """Give every address that is reached over the internet."""
    if ipv6:
        return (ip_network("2000::/3"),)
    left: Ranges = (ip_network("0.0.0.0/0"),)
    for text in _NOT_PUBLIC:
        left = split(left, ip_network(text))[1]
    return left


def is_public(ranges: Ranges) -> bool:
    """Tell whether this is "somewhere on the internet", less a VPC's own addresses perhaps: most of the address space."""
    return sum(net.num_addresses for net in ranges) >= (1 << 124 if any(net.version == 6 for net in ranges) else 1 << 31)


def read(texts: Iterable[str]) -> Ranges:
    """Read addresses and CIDR blocks; what is neither is left out."""
    found = []
    for text in texts:
        try:
            found.append(ip_network(text, strict=False))
        except ValueError:
            continue
    return tuple(found)


def split(ranges: Ranges, cidr: Net) -> tuple[Ranges, Ranges]:
    """Give the part of `ranges` that is inside `cidr`, and the part that is not."""
    inside: list[Net] = []
    outside: list[Net] = []
    for one in ranges:
        if one.version != cidr.version or not one.overlaps(cidr):
            outside.append(one)
        elif one.prefixlen >= cidr.prefixlen:
            inside.append(one)
        else:
            inside.append(cidr)
            outside.extend(one.address_exclude(cidr))  # type: ignore[arg-type] # of one family, which the first line tells
    return tuple(inside), tuple(outside)


def within(ranges: Ranges, nets: Iterable[Net]) -> bool | None:
    """Tell whether every address of `ranges` is in one of `nets`: `False` where none is, `None` where some are.

    >>> within(read(["10.0.1.5"]), read(["10.0.0.0/16"])), within(read(["10.0.0.0/8"]), read(["10.0.0.0/16"]))
    (True, None)
    """
    left, touched = ranges, False
    for net in nets:
        inside, left = split(left, net)
        touched = touched or bool(inside)
        if not left:
            return bool(ranges)
    return None if touched else False


def text(ranges: Ranges) -> str:
    """Say which addresses these are, in few words.

    >>> text(read(["10.0.1.5"])), text(public())
    ('10.0.1.5', 'a public address')
    """
    if is_public(ranges):
        return "a public address"
    shown = [str(one.network_address) if one.num_addresses == 1 else str(one) for one in ranges[:3]]
    more = f" and {len(ranges) - 3} more" if len(ranges) > 3 else ""
    return ", ".join(shown) + more
