"""What a text says did not answer, and how a destination is read."""

import pytest

from generators.networks import Net, two_tiers
from undeny.denial.model import Denial
from undeny.errors import UndenyError
from undeny.reach.answer import trace
from undeny.reach.asked import target_of, walked

TEXTS = {
    'botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "https://sts.us-east-1.amazonaws.com/"': "sts.us-east-1.amazonaws.com:443",
    'Could not connect to the endpoint URL: "http://10.0.3.7:8000/"': "10.0.3.7:8000",
    "dial tcp 52.94.2.1:443: connect: network is unreachable": "52.94.2.1:443",
    "dial tcp [2600:1f18::1]:443: i/o timeout": "[2600:1f18::1]:443",
    "dial tcp: lookup sts.eu-west-1.amazonaws.com on 10.0.0.2:53: no such host": "sts.eu-west-1.amazonaws.com:443",
    'Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 10.0.1.5:443: i/o timeout': "api.ecr.eu-west-1.amazonaws.com:443",
    "curl: (6) Could not resolve host: monitoring.eu-west-1.amazonaws.com": "monitoring.eu-west-1.amazonaws.com:443",
    "Connect timeout on http://169.254.169.254/latest/meta-data/": None,
    "the thing timed out": None,
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_names_what_did_not_answer(text):
    assert target_of(Denial(text=text)) == TEXTS[text]


def test_without_a_host_the_service_of_the_action_is_meant():
    assert target_of(Denial(text="timed out", action="s3:GetObject")) == "s3"


def test_a_text_without_a_destination_is_not_walked():
    assert walked(Denial(text="timed out"), "i-app", (two_tiers().network(),)) is None


TARGETS = {
    "s3": ("s3.eu-west-1.amazonaws.com", 443, "s3"),
    "https://s3.eu-west-1.amazonaws.com/bucket": ("s3.eu-west-1.amazonaws.com", 443, "s3"),
    "logs-prod.s3.eu-west-1.amazonaws.com": ("logs-prod.s3.eu-west-1.amazonaws.com", 443, "s3"),
    "s3.dualstack.eu-west-1.amazonaws.com": ("s3.dualstack.eu-west-1.amazonaws.com", 443, "s3"),
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com": ("111122223333.dkr.ecr.eu-west-1.amazonaws.com", 443, "ecr.dkr"),
    "ecr.api": ("api.ecr.eu-west-1.amazonaws.com", 443, "ecr.api"),
    "cloudwatch": ("monitoring.eu-west-1.amazonaws.com", 443, "monitoring"),
    "com.amazonaws.eu-west-1.kms": ("kms.eu-west-1.amazonaws.com", 443, "kms"),
    "iam": ("iam.amazonaws.com", 443, None),
    "email-smtp.eu-west-1.amazonaws.com:587": ("email-smtp.eu-west-1.amazonaws.com", 587, "email-smtp"),
    "sqs.cn-north-1.amazonaws.com.cn": ("sqs.cn-north-1.amazonaws.com.cn", 443, "sqs"),
    "kinesis": ("kinesis.eu-west-1.amazonaws.com", 443, "kinesis-streams"),
    "kinesis-firehose": ("firehose.eu-west-1.amazonaws.com", 443, "kinesis-firehose"),
    "runtime.sagemaker.eu-west-1.amazonaws.com": ("runtime.sagemaker.eu-west-1.amazonaws.com", 443, "sagemaker.runtime"),
    "abc123.execute-api.eu-west-1.amazonaws.com": ("abc123.execute-api.eu-west-1.amazonaws.com", 443, "execute-api"),
    "s3-eu-west-1.amazonaws.com": ("s3-eu-west-1.amazonaws.com", 443, "s3"),
    "s3.amazonaws.com": ("s3.amazonaws.com", 443, "s3"),
    "logs.s3.amazonaws.com": ("logs.s3.amazonaws.com", 443, "s3"),
    "192.0.2.7:8443": (None, 8443, None),
    "[2001:db8::7]:443": (None, 443, None),
    "ip-10-0-1-10.eu-west-1.compute.internal:22": ("ip-10-0-1-10.eu-west-1.compute.internal", 22, None),
}


@pytest.mark.parametrize("text", TARGETS)
def test_a_destination_is_read_as_people_write_it(text):
    to = trace(two_tiers().ask("i-app", text)).paths[0].destination
    assert (to.host, to.port, to.service) == TARGETS[text]


@pytest.mark.parametrize("text", ["", "s3:port", "example.com:99999", "a service", "s3/.."])
def test_a_destination_that_is_none_is_one_clear_line(text):
    if text == "s3/..":
        assert trace(two_tiers().ask("i-app", text)).paths[0].destination.service == "s3"
        return
    with pytest.raises(UndenyError, match=r"is no (port|destination|service)"):
        trace(two_tiers().ask("i-app", text))


@pytest.mark.parametrize(
    "name",
    [
        "i-app",
        "eni-app",
        "10.0.1.10",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-app",
        "arn:aws:ec2:eu-west-1:111122223333:network-interface/eni-app",
    ],
)
def test_a_source_is_found_by_any_of_its_names(name):
    assert trace(two_tiers().ask(name, "sts")).paths[0].source.interface == "eni-app"


def test_a_node_is_found_by_its_private_name():
    net = two_tiers()
    net.things["NetworkInterfaces"][0]["PrivateDnsName"] = "ip-10-0-1-10.eu-west-1.compute.internal"
    assert trace(net.ask("ip-10-0-1-10.eu-west-1.compute.internal", "sts")).paths[0].source.interface == "eni-app"


@pytest.mark.parametrize(
    "name", ["fn", "arn:aws:lambda:eu-west-1:111122223333:function:fn", "arn:aws:lambda:eu-west-1:111122223333:function:fn:live"]
)
def test_a_function_is_found_by_name_and_arn(name):
    assert trace(two_tiers().function("fn", ["subnet-private"], "sg-app").ask(name, "sts")).verdict == "reachable"


def test_a_function_outside_a_vpc_has_no_path_to_walk():
    with pytest.raises(UndenyError, match="in no VPC"):
        trace(Net().add("Functions", FunctionName="fn", VpcConfig={"SubnetIds": []}).ask("fn", "sts"))


def test_an_instance_can_be_the_destination():
    found = trace(two_tiers().ask("i-app", "i-web", port=8080))
    assert (found.verdict, found.code) == ("blocked", "network-security-group")
    assert found.paths[0].via == "eni-web"


def test_a_linux_client_and_a_windows_client_use_other_ports():
    into = [(100, "allow", "6", (49152, 65535), "0.0.0.0/0")]
    net = two_tiers(into=into)
    assert trace(net.ask("i-app", "192.0.2.80:443")).verdict == "blocked"
    net.things["Instances"][0]["Platform"] = "windows"
    assert trace(net.ask("i-app", "192.0.2.80:443")).verdict == "reachable"
    net.things["Instances"].clear()
    net.things["NetworkInterfaces"][0].pop("Attachment")
    found = trace(net.ask("eni-app", "192.0.2.80:443"))
    assert (found.verdict, found.missing[0].what) == ("unknown", "which source ports eni-app uses")


def test_few_shut_ports_do_not_shut_a_path_and_are_told():
    into = [(90, "deny", "6", (33389, 33389), "0.0.0.0/0"), (100, "allow", "-1", None, "0.0.0.0/0")]
    found = trace(two_tiers(into=into).ask("i-app", "192.0.2.80:443"))
    assert found.verdict == "reachable"
    assert any("33389 are dropped" in hop.note for hop in found.paths[0].hops)


def test_rules_that_cover_everything_together_let_everything_out():
    net = two_tiers()
    halves = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": one}]} for one in ("0.0.0.0/1", "128.0.0.0/1")]
    net.things["SecurityGroups"][0]["IpPermissionsEgress"] = halves
    assert trace(net.ask("i-app", "sts")).verdict == "reachable"
    net.things["SecurityGroups"][0]["IpPermissionsEgress"] = halves[:1]
    assert trace(net.ask("i-app", "sts")).verdict == "unknown"


def test_an_endpoint_answers_for_the_names_that_it_lists_itself():
    net = two_tiers(routes=[]).group("sg-vendor", into=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}])
    names = {"DnsEntries": [{"DnsName": "*.vendor.example"}]}
    net.interface_endpoint("vpce-svc-0a1b", "subnet-private", "10.0.1.200", "sg-vendor", name="vpce-0c", **names)
    found = trace(net.ask("i-app", "api.vendor.example:443"))
    assert (found.verdict, found.paths[0].via) == ("reachable", "vpce-0c")


def test_a_bucket_under_the_old_name_is_taken_for_one_of_the_region_and_that_is_said():
    found = trace(two_tiers(routes=[]).gateway_endpoint("rtb-private").ask("i-app", "logs.s3.amazonaws.com"))
    assert (found.verdict, found.assumes) == ("reachable", ("the bucket is in eu-west-1",))
