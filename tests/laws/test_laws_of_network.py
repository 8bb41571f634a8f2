"""Laws of the network path: the longest prefix, rule order, monotony, unknown as a third value, changes that are enough."""

import ipaddress

import botocore.session
import msgspec
import pytest
from botocore.validate import ParamValidator
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generators.networks import rule
from generators.random_networks import network, probes, probes6
from undeny.evidence.model import Gap
from undeny.evidence.network import IDS, Network
from undeny.reach import addresses, reach
from undeny.reach.answer import trace
from undeny.reach.apply import applied
from undeny.reach.filters import Packet, by_acl
from undeny.reach.routing import choose
from undeny.reach.world import World

WORLD = World((Network(account="111122223333", region="eu-west-1"),))
cidrs = st.builds(
    lambda address, length: str(ipaddress.ip_network((address, length), strict=False)),
    st.integers(10 << 24, (10 << 24) + (1 << 20)),
    st.integers(0, 32),
)
points = st.integers(10 << 24, (10 << 24) + (1 << 20)).map(lambda one: str(ipaddress.ip_address(one)))
spans = st.tuples(st.integers(1, 65535), st.integers(1, 65535)).map(lambda one: (min(one), max(one)))
entries = st.builds(
    lambda number, action, span, cidr, egress: {
        "RuleNumber": number, "RuleAction": action, "Protocol": "6", "PortRange": {"From": span[0], "To": span[1]}, "CidrBlock": cidr, "Egress": egress,
    },
    st.integers(1, 300), st.sampled_from(["allow", "deny"]), spans, cidrs, st.booleans(),
)  # fmt: skip
acls = st.lists(entries, max_size=8, unique_by=lambda one: (one["RuleNumber"], one["Egress"]))
seeds = st.integers(0, 100_000)


def _asked(seed, index):
    net, tried = network(seed), [*probes(seed)[:16], *probes6(seed)]
    return net.ask(f"i-{tried[index].source}", tried[index].address, port=tried[index].port, source_port=tried[index].source_port)


@given(st.lists(cidrs, min_size=1, max_size=8, unique=True), points)
def test_the_longest_prefix_that_holds_the_address_is_taken(blocks, point):
    routes = tuple({"DestinationCidrBlock": one, "GatewayId": f"igw-{i}", "State": "active"} for i, one in enumerate(blocks))
    taken, _ = choose(WORLD, routes, addresses.read([point]), serves=lambda _: None)
    holding = [one for one in blocks if ipaddress.ip_address(point) in ipaddress.ip_network(one)]
    longest = max(holding, key=lambda one: ipaddress.ip_network(one).prefixlen, default=None)
    assert (taken[0].route or {}).get("DestinationCidrBlock") == longest


@given(acls, points, st.integers(1, 65535), st.randoms())
def test_an_acl_goes_by_number_wherever_its_rules_stand(rules, point, port, dice):
    def says(held):
        packet = Packet(protocol="tcp", peer=addresses.read([point]), ports=((port, port),))
        return by_acl({"NetworkAclId": "acl-1", "Entries": held}, packet, egress=True).verdict

    shuffled = list(rules)
    dice.shuffle(shuffled)
    first = next(
        (one for one in sorted(rules, key=lambda one: one["RuleNumber"])
         if one["Egress"] and one["PortRange"]["From"] <= port <= one["PortRange"]["To"] and ipaddress.ip_address(point) in ipaddress.ip_network(one["CidrBlock"])),
        None,
    )  # fmt: skip
    assert says(shuffled) == says(rules) == ("open" if first and first["RuleAction"] == "allow" else "blocked")


@given(acls, cidrs, spans)
def test_an_acl_passes_a_span_only_where_it_passes_each_of_its_ports(rules, cidr, span):
    acl = {"NetworkAclId": "acl-1", "Entries": rules}
    whole = by_acl(acl, Packet(protocol="tcp", peer=addresses.read([cidr]), ports=(span,)), egress=True)
    for port in {span[0], span[1], (span[0] + span[1]) // 2}:
        one = by_acl(acl, Packet(protocol="tcp", peer=addresses.read([cidr]), ports=((port, port),)), egress=True)
        assert whole.verdict != "open" or one.verdict == "open"
        assert any(low <= port <= high for low, high in whole.dropped) == (one.verdict == "blocked")


@given(cidrs, cidrs)
def test_a_set_of_addresses_is_split_without_loss(one, two):
    whole, cut = addresses.read([one]), addresses.read([two])[0]
    inside, outside = addresses.split(whole, cut)
    assert sum(net.num_addresses for net in (*inside, *outside)) == whole[0].num_addresses
    assert all(net.subnet_of(cut) for net in inside)
    assert not any(net.overlaps(cut) for net in outside)


@given(seeds, st.integers(0, 23), st.sampled_from(["sg-1", "sg-2", "sg-3"]), st.booleans(), cidrs)
@settings(max_examples=60, deadline=None)
def test_one_more_rule_of_a_group_never_shuts_a_path(seed, index, group, egress, cidr):
    question = _asked(seed, index)
    before = trace(question).verdict
    held = question.networks[0]
    field = "IpPermissionsEgress" if egress else "IpPermissions"
    groups = tuple(
        one if one["GroupId"] != group else {**one, field: [*one[field], rule("tcp", (1, 65535), cidr)]}
        for one in held.things["SecurityGroups"]
    )
    more = msgspec.structs.replace(held, things={**held.things, "SecurityGroups": groups})
    after = trace(msgspec.structs.replace(question, networks=(more,))).verdict
    assert before != "reachable" or after == "reachable"


@given(seeds, st.integers(0, 23))
@example(3, 5)
@example(16, 20)
@settings(max_examples=50, deadline=None)
def test_what_is_not_seen_makes_an_answer_unknown_and_never_another(seed, index):
    question = _asked(seed, index)
    held, whole = question.networks[0], trace(question)
    for kind in IDS:
        less = msgspec.structs.replace(held, things={**held.things, kind: Gap(what=kind, permission=f"ec2:Describe{kind}")})
        part = trace(msgspec.structs.replace(question, networks=(less,)))
        assert part.verdict in (whole.verdict, "unknown"), (kind, whole.summary, part.summary)
        assert part.verdict != "unknown" or part.missing


@given(seeds, st.integers(0, 23))
@settings(max_examples=60, deadline=None)
def test_a_change_that_is_called_enough_opens_the_path_and_none_of_its_steps_can_be_left_out(seed, index):
    question = _asked(seed, index)
    for change in reach(question).changes:
        assert trace(_after(question, change.steps)).verdict == ("reachable" if change.suffices else "unknown")
        for left_out in change.steps:
            rest = [step for step in change.steps if step is not left_out]
            assert trace(_after(question, rest)).verdict != "reachable", change.title


def _after(question, steps):
    networks = question.networks
    for step in steps:
        networks = applied(networks, step)
    return msgspec.structs.replace(question, networks=networks)


def _blocked():
    from network_cases import CASES

    return [case for case in CASES if case[3] == "blocked" and case[6]]


@pytest.fixture(scope="module")
def models():
    session = botocore.session.get_session()
    return {name: session.get_service_model(name) for name in ("ec2", "lambda")}


def test_every_step_of_every_change_is_a_call_that_aws_takes(models, monkeypatch):
    from pathlib import Path

    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "scenarios"))
    seen = set()
    for case in _blocked():
        for change in reach(case[2]).changes:
            for step in change.steps:
                service, _, operation = step.operation.partition(":")
                shape = models[service].operation_model(operation).input_shape
                report = ParamValidator().validate(dict(step.parameters), shape)
                assert not report.has_errors(), f"{case[0]}: {report.generate_report()}"
                seen.add(operation)
    assert len(seen) >= 15
