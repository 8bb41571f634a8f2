"""Amazon S3 Control: a whole account's settings, and access points.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from collections.abc import Iterable

from undeny.lab.model import Asked, Call, Fault, Refusal
from undeny.lab.words import sentence, standard

ACCOUNT = {
    "GetPublicAccessBlock": "GetAccountPublicAccessBlock",
    "PutPublicAccessBlock": "PutAccountPublicAccessBlock",
    "DeletePublicAccessBlock": "PutAccountPublicAccessBlock",
}


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the access point that is named, else on the account."""
    name = call.parameters.get("Name")
    arn = f"arn:aws:s3:{call.region}:{call.caller.account}:accesspoint/{name}" if name and "AccessPoint" in call.operation else "*"
    return (Asked(action=f"s3:{ACCOUNT.get(call.operation, call.operation)}", resource=arn),)


def words(call: Call, refusal: Refusal) -> Fault:
    """Say the sentence with the ARN in quotes, as S3 does."""
    where = refusal.asked.resource
    return standard(call, sentence(call, refusal, resource=where if where == "*" else f'"{where}"'), refusal)
