"""From what a person writes to what must answer: a service by its name, a host, an address, an id.

Names of services and of their hosts: https://docs.aws.amazon.com/general/latest/gr/rande.html
Names of endpoint services: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address

import msgspec

from undeny.errors import UndenyError
from undeny.evidence.model import Gap
from undeny.reach.addresses import public, read
from undeny.reach.model import Destination, Question
from undeny.reach.sources import sources
from undeny.reach.world import World

_HOSTS = {
    "ecr.api": "api.ecr", "ecr.dkr": "dkr.ecr", "api.ecr": "api.ecr", "cloudwatch": "monitoring", "cognito-idp": "cognito-idp",
    "kinesis-streams": "kinesis", "kinesis-firehose": "firehose", "sagemaker.api": "api.sagemaker",
    "sagemaker.runtime": "runtime.sagemaker",
    "stepfunctions": "states", "ses": "email", "eventbridge": "events", "cloudwatch-logs": "logs", "systems-manager": "ssm",
}  # fmt: skip
_SERVICE_OF_HOST = {
    "api.ecr": "ecr.api", "dkr.ecr": "ecr.dkr", "api.sagemaker": "sagemaker.api", "runtime.sagemaker": "sagemaker.runtime",
    "kinesis": "kinesis-streams", "firehose": "kinesis-firehose", "ddb": "dynamodb", "s3-accesspoint": "s3", "data.iot": "iot.data",
}  # fmt: skip
"""Host names whose endpoint service is called otherwise; where an endpoint lists its names itself, those count."""
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html: layers come from S3
_SEVERAL = {
    "ecr": (("ecr.api", "the registry's API"), ("ecr.dkr", "the image's manifest"), ("s3", "the image's layers")),
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
    "session-manager": (("ssm", "registering"), ("ssmmessages", "the session"), ("ec2messages", "older agents")),
}
_GLOBAL = {"iam": "iam", "cloudfront": "cloudfront", "organizations": "organizations", "route53": "route53"}
_AWS = re.compile(
    r"^(?:(?P<head>.+?)\.)??(?P<service>(?:api|dkr)\.ecr|(?:api|runtime)\.sagemaker|data\.iot|[a-z0-9-]+(?:\.dualstack)?)"
    r"\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$"
)
_VPCE = re.compile(
    r"^(?:.+\.)?(?P<id>vpce-[0-9a-f]+)-[a-z0-9]+(?:-[a-z0-9-]+)?\.(?P<service>.+)\.(?P<region>[a-z-]+-\d)\.vpce\.amazonaws\.com$"
)
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#VirtualHostingBackwardsCompatibility: with dashes
_OLD_S3 = re.compile(r"^(?P<head>(?:.+\.)?)s3(?:-(?P<region>[a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com$")
_GLOBAL_HOST = re.compile(r"^(?:(?P<head>.+)\.)?(?P<service>[a-z0-9-]+)\.amazonaws\.com$")
_EC2_NAME = re.compile(r"^ip-(\d+)-(\d+)-(\d+)-(\d+)\.")
_PLAIN = re.compile(r"^[a-z][a-z0-9.-]*$")


def destinations(world: World, question: Question, region: str) -> tuple[Destination, ...]:
    """Give what must answer. Raises `UndenyError` for what is neither a service nor HOST:PORT nor an id that was read."""
    text = question.to.strip().removeprefix("https://").removeprefix("http://").partition("/")[0]
    host, port = _parted(text, question)
    if not host:
        raise UndenyError(f"`{question.to}` is no destination", code="usage", help=("--to takes a service (s3), HOST:PORT, or an id",))
    if host in _SEVERAL:
        several = ((_service(world, one, region, port, question), why) for one, why in _SEVERAL[host])
        return tuple(msgspec.structs.replace(one, why=why) for one, why in several)
    if host.startswith(("i-", "eni-")) and "." not in host:
        return tuple(_thing(world, host, port, question))
    return (_one(world, host, port, region, question),)


def _parted(text: str, question: Question) -> tuple[str, int | None]:
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        text = host + "\n" + rest.removeprefix(":")
    elif text.count(":") == 1:
        text = text.replace(":", "\n")
    host, _, port = text.partition("\n")
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        raise UndenyError(f"`{port}` is no port", code="usage", help=("as in --to db.example.com:5432",))
    return host.lower().rstrip("."), question.port or (int(port) if port else None)


def _one(world: World, host: str, port: int | None, region: str, question: Question) -> Destination:
    try:
        address = ip_address(host)
    except ValueError:
        pass
    else:
        if address.is_loopback or address.is_multicast or address.is_unspecified:
            raise UndenyError(
                f"there is no path to `{host}`: no packet to it leaves its host", code="usage", help=("give another address",)
            )
        return Destination(name=host, host=None, port=port, protocol=question.protocol, ranges=read([host]))
    if "." not in host or host in _HOSTS or host.startswith(f"com.amazonaws.{region}."):
        return _service(world, host, region, port, question)
    return _named(world, host, port, question)


def _service(world: World, name: str, region: str, port: int | None, question: Question) -> Destination:
    name = name.removeprefix(f"com.amazonaws.{region}.")
    if not _PLAIN.match(name):
        raise UndenyError(
            f"`{name}` is no service", code="usage", help=("a service is written as in its host name: s3, sts, secretsmanager",)
        )
    prefix = _HOSTS.get(name, name)
    host = f"{_GLOBAL[name]}.amazonaws.com" if name in _GLOBAL else f"{prefix}.{region}.amazonaws.com"
    return msgspec.structs.replace(_named(world, host, port, question), name=name)


def _named(world: World, host: str, port: int | None, question: Question) -> Destination:
    given = question.resolve.get(host)
    vpce = _VPCE.match(host)
    if vpce:
        return Destination(
            name=host,
            host=host,
            port=port or 443,
            protocol=question.protocol,
            service=vpce["service"],
            region=vpce["region"],
            interface=vpce["id"],
        )
    aws = _AWS.match(host)
    if aws:
        return _aws(world, host, port or 443, question, (aws["service"].removesuffix(".dualstack"), aws["region"]))
    old = _OLD_S3.match(host)
    if old and not given:
        return _old(world, old, port or 443, question)
    everywhere = _GLOBAL_HOST.match(host)
    if given:
        return Destination(name=host, host=host, port=port, protocol=question.protocol, ranges=read(given))
    if everywhere:
        return Destination(name=host, host=host, port=port or 443, protocol=question.protocol, ranges=public(ipv6=question.ipv6))
    private = _EC2_NAME.match(host)
    if private:
        return Destination(name=host, host=host, port=port, protocol=question.protocol, ranges=read([".".join(private.groups())]))
    return Destination(name=host, host=host, port=port, protocol=question.protocol)


def _old(world: World, found: re.Match[str], port: int, question: Question) -> Destination:
    """Read an older name of S3: without a Region it is us-east-1's, and with a bucket before it that of the bucket's Region."""
    host, region = found.string, found["region"]
    if region or not found["head"]:
        return _aws(world, host, port, question, ("s3", region or "us-east-1"))
    here = question.region or world.networks[0].region
    return msgspec.structs.replace(_aws(world, host, port, question, ("s3", here)), given=f"the bucket is in {here}")


def _aws(world: World, host: str, port: int, question: Question, told: tuple[str, str]) -> Destination:
    prefix, region = told
    service = _SERVICE_OF_HOST.get(prefix, prefix)
    ours = world.service_list(region, service)
    entries = world.entries(ours["PrefixListId"]) if ours else Gap(what="prefix list")
    held = () if isinstance(entries, Gap) else tuple(net for net in entries if (net.version == 6) is question.ipv6)
    ranges = read(question.resolve.get(host, ())) or held or public(ipv6=question.ipv6)
    list_id = ours["PrefixListId"] if ours else None
    return Destination(
        name=host, host=host, port=port, protocol=question.protocol, ranges=ranges, service=service, region=region, prefix_list=list_id
    )


def _thing(world: World, name: str, port: int | None, question: Question) -> Iterator[Destination]:
    for one in sources(world, name):
        held = one.ranges6 if question.ipv6 else one.ranges
        yield Destination(name=name, host=None, port=port, protocol=question.protocol, ranges=held, interface=one.interface)
