"""One thing of every kind that undeny writes, in a lab: how it is made, the edit of it, and what AWS holds of it, read without undeny."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from undeny.fix.model import PolicyEdit, SettingEdit

REGION = "eu-west-1"


class Kind(msgspec.Struct, frozen=True):
    """An edit and how to read the bytes that stand there; `meddle` is what somebody else writes meanwhile."""

    name: str
    edit: PolicyEdit | SettingEdit
    raw: Callable[[], Any]
    meddle: Callable[[], Any]


def statement(sid: str, action: str, **more: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": action} | more


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def odd(value: Any) -> str:
    """Write a document with white space that no program would write: its bytes have to come back."""
    return json.dumps(value, indent=3).replace("{", "{ ", 1)


class World:
    """One account's things. `maker(service)` gives a client that furnishes it past every decision."""

    def __init__(self, account: str, maker: Callable[[str], Any]) -> None:
        self.account = account
        self.client = maker
        self.role = f"arn:aws:iam::{account}:role/App"
        trust = document(statement("Own", "sts:AssumeRole", Principal={"AWS": f"arn:aws:iam::{account}:root"}))
        self.client("iam").create_role(RoleName="App", AssumeRolePolicyDocument=odd(trust))

    def kind(self, name: str) -> Kind:
        """Make a thing of a kind."""
        return getattr(self, name.replace("-", "_"))()

    def _policy(self, name: str, read: Callable[[], Any], write: Callable[[str], Any], **edit: Any) -> Kind:
        """Make the kind of a document: it has one statement, the edit adds one, somebody else another."""
        one = edit.pop("first")
        more, theirs = one | {"Sid": "Added"}, one | {"Sid": "Theirs"}
        before = document(one)
        if edit.pop("there", True):
            write(odd(before))
        made = PolicyEdit(**{"policy": None, "before": before, "after": document(one, more)} | edit)
        return Kind(name, made, read, lambda: write(json.dumps(document(one, theirs))))

    def inline(self) -> Kind:
        iam = self.client("iam")

        def read() -> Any:
            names = iam.list_role_policies(RoleName="App")["PolicyNames"]
            return [(n, iam.get_role_policy(RoleName="App", PolicyName=n)["PolicyDocument"]) for n in names if n == "Inline"]

        def write(text: str) -> Any:
            return iam.put_role_policy(RoleName="App", PolicyName="Inline", PolicyDocument=text)

        first = statement("One", "s3:GetObject", Resource="arn:aws:s3:::data/*")
        return self._policy("inline", read, write, layer="identity", target=self.role, policy="Inline", first=first)

    def new_inline(self) -> Kind:
        iam = self.client("iam")

        def read() -> Any:
            names = iam.list_role_policies(RoleName="App")["PolicyNames"]
            return [(n, iam.get_role_policy(RoleName="App", PolicyName=n)["PolicyDocument"]) for n in names if n == "New"]

        def write(text: str) -> Any:
            return iam.put_role_policy(RoleName="App", PolicyName="New", PolicyDocument=text)

        first = statement("One", "s3:GetObject", Resource="arn:aws:s3:::data/*")
        new = {"layer": "identity", "target": self.role, "policy": "New", "before": None, "there": False}
        return self._policy("new-inline", read, write, first=first, **new)

    def managed(self) -> Kind:
        iam = self.client("iam")
        first = statement("One", "sqs:SendMessage", Resource="*")
        arn = iam.create_policy(PolicyName="Managed", PolicyDocument=odd(document(first)))["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="App", PolicyArn=arn)

        def read() -> Any:
            versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
            told = [iam.get_policy_version(PolicyArn=arn, VersionId=v["VersionId"])["PolicyVersion"] for v in versions]
            return sorted((v["VersionId"], v["IsDefaultVersion"], v["Document"]) for v in told)

        def write(text: str) -> Any:
            return iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)

        return self._policy("managed", read, write, layer="identity", target=self.role, policy="Managed", first=first, there=False)

    def attachment(self) -> Kind:
        """A managed policy that is to be taken off the role."""
        iam = self.client("iam")
        before = document(statement("Quarantine", "iam:*", Resource="*") | {"Effect": "Deny"})
        arn = iam.create_policy(PolicyName="Attached", PolicyDocument=odd(before))["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="App", PolicyArn=arn)

        def read() -> Any:
            attached = iam.list_attached_role_policies(RoleName="App")["AttachedPolicies"]
            return sorted(one["PolicyArn"] for one in attached if one["PolicyArn"] == arn)

        def meddle() -> Any:
            text = json.dumps(document(statement("Theirs", "iam:*", Resource="*") | {"Effect": "Deny"}))
            return iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)

        edit = PolicyEdit(layer="identity", target=self.role, policy="Attached", before=before, after=None)
        return Kind("attachment", edit, read, meddle)

    def trust(self) -> Kind:
        iam = self.client("iam")
        role = iam.create_role(RoleName="Trusting", AssumeRolePolicyDocument="{}")["Role"]["Arn"]

        def write(text: str) -> Any:
            return iam.update_assume_role_policy(RoleName="Trusting", PolicyDocument=text)

        def read() -> Any:
            return iam.get_role(RoleName="Trusting")["Role"]["AssumeRolePolicyDocument"]

        first = statement("One", "sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"})
        return self._policy("trust", read, write, layer="resource", target=role, first=first)

    def bucket(self) -> Kind:
        s3, name = self.client("s3"), f"data-{self.account}"
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})

        def write(text: str) -> Any:
            return s3.put_bucket_policy(Bucket=name, Policy=text)

        first = statement("One", "s3:GetObject", Principal={"AWS": self.role}, Resource=f"arn:aws:s3:::{name}/*")
        return self._policy(
            "bucket",
            lambda: s3.get_bucket_policy(Bucket=name)["Policy"],
            write,
            layer="resource",
            target=f"arn:aws:s3:::{name}",
            first=first,
        )

    def key(self) -> Kind:
        kms = self.client("kms")
        arn = kms.create_key()["KeyMetadata"]["Arn"]

        def write(text: str) -> Any:
            return kms.put_key_policy(KeyId=arn, PolicyName="default", Policy=text)

        def read() -> Any:
            return kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]

        first = statement("One", "kms:*", Principal={"AWS": f"arn:aws:iam::{self.account}:root"}, Resource="*")
        return self._policy("key", read, write, layer="resource", target=arn, first=first)

    def queue(self) -> Kind:
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:{self.account}:jobs"

        def write(text: str) -> Any:
            return sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": text})

        def read() -> Any:
            return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"]

        first = statement("One", "sqs:SendMessage", Principal={"AWS": self.role}, Resource=arn)
        return self._policy("queue", read, write, layer="resource", target=arn, first=first)

    def topic(self) -> Kind:
        sns = self.client("sns")
        arn = sns.create_topic(Name="news")["TopicArn"]

        def write(text: str) -> Any:
            return sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=text)

        first = statement("One", "sns:Publish", Principal={"AWS": self.role}, Resource=arn)
        read = lambda: sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"]  # noqa: E731 - short and local
        return self._policy("topic", read, write, layer="resource", target=arn, first=first)

    def secret(self) -> Kind:
        secrets = self.client("secretsmanager")
        arn = secrets.create_secret(Name="password", SecretString="x")["ARN"]

        def write(text: str) -> Any:
            return secrets.put_resource_policy(SecretId=arn, ResourcePolicy=text)

        first = statement("One", "secretsmanager:GetSecretValue", Principal={"AWS": self.role}, Resource="*")
        read = lambda: secrets.get_resource_policy(SecretId=arn)["ResourcePolicy"]  # noqa: E731 - short and local
        return self._policy("secret", read, write, layer="resource", target=arn, first=first)

    def function(self) -> Kind:
        """A function whose policy AddPermission wrote: PutResourcePolicy overwrites the whole of it."""
        functions = self.client("lambda")
        told = {"FunctionName": "worker", "Runtime": "python3.13", "Role": self.role, "Handler": "x.y", "Code": {"ZipFile": b"x"}}
        arn = functions.create_function(**told)["FunctionArn"]
        added = {"StatementId": "One", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
        functions.add_permission(FunctionName="worker", **added)
        before = json.loads(functions.get_resource_policy(ResourceArn=arn)["Policy"])
        more = statement("Added", "lambda:InvokeFunction", Principal={"AWS": self.role}, Resource=arn)
        after = before | {"Statement": [*before["Statement"], more]}
        edit = PolicyEdit(layer="resource", target=arn, policy=None, before=before, after=after)
        theirs = json.dumps(before | {"Statement": [*before["Statement"], more | {"Sid": "Theirs"}]})

        def meddle() -> Any:
            return functions.put_resource_policy(ResourceArn=arn, Policy=theirs)

        return Kind("function", edit, lambda: functions.get_resource_policy(ResourceArn=arn)["Policy"], meddle)

    def endpoint(self) -> Kind:
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        first = statement("One", "s3:GetObject", Principal="*", Resource="*")
        asked = {"VpcId": vpc, "ServiceName": f"com.amazonaws.{REGION}.s3", "PolicyDocument": odd(document(first))}
        made = ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"]

        def write(text: str) -> Any:
            return ec2.modify_vpc_endpoint(VpcEndpointId=made, PolicyDocument=text)

        def read() -> Any:
            return ec2.describe_vpc_endpoints(VpcEndpointIds=[made])["VpcEndpoints"][0]["PolicyDocument"]

        target = f"arn:aws:ec2:{REGION}:{self.account}:vpc-endpoint/{made}"
        return self._policy("endpoint", read, write, layer="endpoint", target=target, policy=made, first=first, there=False)

    def boundary(self) -> Kind:
        iam = self.client("iam")
        first = statement("One", "s3:*", Resource="*")
        arn = iam.create_policy(PolicyName="Boundary", PolicyDocument=odd(document(first)))["Policy"]["Arn"]
        iam.put_role_permissions_boundary(RoleName="App", PermissionsBoundary=arn)

        def read() -> Any:
            versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
            told = [iam.get_policy_version(PolicyArn=arn, VersionId=v["VersionId"])["PolicyVersion"] for v in versions]
            return sorted((v["VersionId"], v["IsDefaultVersion"], v["Document"]) for v in told)

        def write(text: str) -> Any:
            return iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)

        return self._policy("boundary", read, write, layer="boundary", target=self.role, policy="Boundary", first=first, there=False)

    def scp(self) -> Kind:
        organizations = self.client("organizations")
        root = organizations.list_roots()["Roots"][0]["Id"]
        first = {"Sid": "One", "Effect": "Deny", "Action": "ec2:*", "Resource": "*"}
        told = {"Name": "Lock", "Description": "x", "Type": "SERVICE_CONTROL_POLICY", "Content": odd(document(first))}
        policy = organizations.create_policy(**told)["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=policy, TargetId=root)

        def write(text: str) -> Any:
            return organizations.update_policy(PolicyId=policy, Content=text)

        read = lambda: organizations.describe_policy(PolicyId=policy)["Policy"]["Content"]  # noqa: E731 - short and local
        return self._policy("scp", read, write, layer="scp", target=root, policy="Lock", first=first, there=False)

    def setting(self) -> Kind:
        s3, name = self.client("s3"), f"owned-{self.account}"
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})

        def write(value: str) -> Any:
            return s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": value}]})

        write("ObjectWriter")
        before, after = ({"OwnershipControls": {"Rules": [{"ObjectOwnership": v}]}} for v in ("ObjectWriter", "BucketOwnerEnforced"))
        edit = SettingEdit(target=f"arn:aws:s3:::{name}", operation="s3:PutBucketOwnershipControls", before=before, after=after)
        read = lambda: s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]  # noqa: E731 - short and local
        return Kind("setting", edit, read, lambda: write("BucketOwnerPreferred"))


ALL = (
    "inline", "new-inline", "managed", "attachment", "boundary", "trust", "bucket", "key", "queue", "topic", "secret", "function",
    "endpoint", "scp", "setting",
)  # fmt: skip
