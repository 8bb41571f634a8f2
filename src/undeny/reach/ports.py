"""Port ranges, and the ports that clients use."""

Ports = tuple[tuple[int, int], ...]

# https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
EPHEMERAL: Ports = ((1024, 65535),)
"""What any client may use; a NAT gateway and a Lambda function use all of them."""
LINUX: Ports = ((32768, 60999),)
"""`net.ipv4.ip_local_port_range` of Linux: https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html."""
WINDOWS: Ports = ((49152, 65535),)


def segments(ports: Ports, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cut `ports` at every border of `cuts`: within a piece no rule tells two ports apart.

    >>> segments(((1024, 65535),), [(32768, 61000)])
    [(1024, 32767), (32768, 61000), (61001, 65535)]
    """
    out: list[tuple[int, int]] = []
    for low, high in ports:
        borders = sorted({low, *(b for cut in cuts for b in (cut[0], cut[1] + 1) if low < b <= high)})
        out.extend((start, end - 1) for start, end in zip(borders, [*borders[1:], high + 1], strict=True))
    return out


def joined(pieces: list[tuple[int, int]]) -> Ports:
    """Join pieces that touch.

    >>> joined([(1024, 32767), (32768, 61000), (62000, 62000)])
    ((1024, 61000), (62000, 62000))
    """
    out: list[tuple[int, int]] = []
    for low, high in sorted(pieces):
        if out and out[-1][1] + 1 >= low:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return tuple(out)


def count(ports: Ports) -> int:
    """Count the ports.

    >>> count(((1024, 1025), (443, 443)))
    3
    """
    return sum(high - low + 1 for low, high in ports)


def text(ports: Ports) -> str:
    """Say port ranges.

    >>> text(((443, 443), (1024, 65535)))
    '443, 1024-65535'
    """
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in ports)
