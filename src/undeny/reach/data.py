"""An answer as plain data: what JSON prints of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from undeny.evidence.model import Gap

if TYPE_CHECKING:
    from undeny.reach.model import Hop, Path, Reach


def how(gap: Gap) -> str:
    """Say how a gap would be filled."""
    return gap.how or (f"{gap.why}; allow {gap.permission} to whoever reads" if gap.permission else gap.why)


def as_data(found: "Reach", analyzer: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Give the answer as JSON has it."""
    return {
        "from": found.source,
        "to": found.to,
        "verdict": found.verdict,
        "code": found.code,
        "summary": found.summary,
        "paths": [_path_data(path) for path in found.paths],
        "changes": [msgspec.to_builtins(change) for change in found.changes],
        "missing_evidence": [{"what": gap.what, "how": how(gap)} for gap in found.missing],
        "assumes": list(found.assumes),
        "analyzer": analyzer,
    }


def _path_data(path: "Path") -> dict[str, Any]:
    source, to = path.source, path.destination
    return {
        "source": {
            "name": source.name, "interface": source.interface, "subnet": source.subnet, "vpc": source.vpc,
            "addresses": [str(net) for net in (*source.ranges, *source.ranges6)],
        },
        "destination": {
            "name": to.name, "host": to.host, "port": to.port, "protocol": to.protocol, "service": to.service, "why": to.why or None,
        },
        "via": path.via or None,
        "when": path.when or None,
        "verdict": path.verdict,
        "hops": [_hop_data(hop) for hop in path.hops],
    }  # fmt: skip


def _hop_data(hop: "Hop") -> dict[str, Any]:
    missing = {"what": hop.gap.what, "how": how(hop.gap)} if hop.gap is not None and hop.verdict == "unknown" else None
    rule = msgspec.to_builtins(hop.rule) if hop.rule is not None else None
    told = {"kind": hop.kind, "id": hop.id, "direction": hop.direction or None, "verdict": hop.verdict, "code": hop.code}
    return {**told, "says": hop.says, "note": hop.note or None, "rule": rule, "missing": missing}
