"""The network of a mocked account: read whole, and with each of its calls refused in turn."""

import boto3
import botocore.client
import msgspec
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from mocked import REGION, set_environment
from undeny import catalog
from undeny.aws import network as reading
from undeny.aws.collect.network import KINDS, NETWORK_PERMISSIONS
from undeny.errors import UndenyError
from undeny.evidence import network as kept
from undeny.evidence.model import Gap
from undeny.reach import reach
from undeny.reach.model import Question

PUBLIC_ACCESS = {
    "DescribeVpcBlockPublicAccessOptions": {"VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "off", "AwsRegion": "eu-west-1"}},
    "DescribeVpcBlockPublicAccessExclusions": {"VpcBlockPublicAccessExclusions": []},
}
"""What the mocked AWS lacks."""
CALLS = sorted(action.partition(":")[2] for action in NETWORK_PERMISSIONS if action.startswith("ec2:"))


REFUSED = set()
"""Calls that AWS refuses now."""


@pytest.fixture(scope="module")
def account():
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        set_environment(patch)
        real = botocore.client.BaseClient._make_api_call

        def answer(self, operation, parameters):
            if operation in REFUSED:
                raise ClientError({"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}, operation)
            return PUBLIC_ACCESS[operation] if operation in PUBLIC_ACCESS else real(self, operation, parameters)

        patch.setattr(botocore.client.BaseClient, "_make_api_call", answer)
        yield boto3.Session(region_name=REGION)


@pytest.fixture
def refused():
    yield REFUSED
    REFUSED.clear()


@pytest.fixture(scope="module")
def ec2(account):
    return account.client("ec2")


@pytest.fixture(scope="module")
def made(ec2):
    """An interface in a private subnet, whose default route is a NAT gateway in a public one; and the private route table."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    public, private = (ec2.create_subnet(VpcId=vpc, CidrBlock=cidr)["Subnet"]["SubnetId"] for cidr in ("10.0.0.0/24", "10.0.1.0/24"))
    igw = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=public, AllocationId=address)["NatGateway"]["NatGatewayId"]
    tables = {}
    for subnet, target in ((public, {"GatewayId": igw}), (private, {"NatGatewayId": nat})):
        tables[subnet] = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=tables[subnet], SubnetId=subnet)
        ec2.create_route(RouteTableId=tables[subnet], DestinationCidrBlock="0.0.0.0/0", **target)
    group = ec2.create_security_group(GroupName="app", Description="app", VpcId=vpc)["GroupId"]
    eni = ec2.create_network_interface(SubnetId=private, Groups=[group])["NetworkInterface"]["NetworkInterfaceId"]
    return {"eni": eni, "group": group, "table": tables[private], "nat": nat}


@pytest.fixture
def source(made):
    return made["eni"]


def _ask(account, source, to="sts"):
    return reach(Question(source=source, to=to, networks=(reading.network(account, "eu-west-1", source),)))


def test_a_network_as_aws_describes_it_is_walked(account, source):
    found = _ask(account, source)
    assert (found.verdict, found.missing) == ("reachable", ())
    assert {hop.kind for path in found.paths for hop in path.hops} >= {"dns", "security-group", "network-acl", "route-table", "nat-gateway"}


def test_a_group_that_is_closed_blocks_it_and_the_change_is_tried(account, ec2, made, source):
    group = made["group"]
    all_ = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=all_)
    found = _ask(account, source)
    assert (found.verdict, found.code) == ("blocked", "network-security-group")
    step = found.changes[0].steps[0]
    ec2.authorize_security_group_egress(**step.parameters)
    assert _ask(account, source).verdict == "reachable"


@pytest.mark.parametrize("call", CALLS)
def test_without_any_one_of_its_calls_it_answers_and_says_what_was_not_seen(account, source, refused, call):
    refused.add(call)
    network = reading.network(account, "eu-west-1", source)
    told = {gap.permission for gap in (*network.gaps, *(held for held in network.things.values() if isinstance(held, Gap)))}
    perhaps = {"GetManagedPrefixListEntries", "GetTransitGatewayRouteTableAssociations", "SearchTransitGatewayRoutes"}
    assert told == {f"ec2:{call}"} or (call in perhaps and not told)  # nothing there for which it would be called
    found = reach(Question(source=source, to="sts", networks=(network,)))
    assert found.verdict in ("reachable", "unknown")
    assert found.verdict == "reachable" or any(gap.permission == f"ec2:{call}" for gap in found.missing), found.summary


@pytest.fixture(scope="module")
def shut(account, ec2, made):
    """The network without the private subnet's route."""
    route = {"RouteTableId": made["table"], "DestinationCidrBlock": "0.0.0.0/0"}
    ec2.delete_route(**route)
    network = reading.network(account, REGION, made["eni"])
    ec2.create_route(**route, NatGatewayId=made["nat"])
    return network


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_a_closed_path_is_never_called_open_for_want_of_a_read(shut, source, kind):
    gap = {kind: Gap(what=kind)} if kind else {}
    less = msgspec.structs.replace(shut, things={**shut.things, **gap})
    found = reach(Question(source=source, to="sts", networks=(less,)))
    assert found.verdict == "blocked" if kind is None else found.verdict != "reachable"


def test_without_any_read_the_answer_is_that_nothing_was_seen(account, source, refused):
    refused.update(CALLS)
    found = _ask(account, source)
    assert (found.verdict, found.paths) == ("unknown", ())
    assert found.missing[0].permission == "ec2:DescribeNetworkInterfaces"


def test_a_source_that_is_not_there_is_an_error(account):
    with pytest.raises(UndenyError, match="nothing called `eni-0` was read"):
        _ask(account, "eni-0")


def test_a_snapshot_gives_the_network_back(account, source, refused, tmp_path):
    refused.add("DescribeNatGateways")
    network = reading.network(account, "eu-west-1", source)
    kept.write(tmp_path, (network,))
    again = kept.read(tmp_path)
    assert again == (network,)
    assert again[0].things["NatGateways"].permission == "ec2:DescribeNatGateways"


def test_every_permission_is_a_read_that_the_catalogue_knows():
    for action in NETWORK_PERMISSIONS:
        assert set(catalog.action(action).access_levels) <= {"Read", "List"}, action


def test_the_plan_lists_what_is_read(account, source):
    from undeny.aws.reader import Reader

    reader = Reader(account)
    reading.network(account, "eu-west-1", source, reader)
    assert set(reader.calls) <= {read.action for read in reading.plan(source)}
