"""The page `docs/differential.md`."""

from collections import Counter, defaultdict

from campaign import Campaign, Disagreement
from kinds import KINDS, Kind

HEAD = """# Compared with outside implementations

`make differential` runs random scenarios through undeny's engine and through two implementations that other people wrote, each as
a program of its own (nothing of either is part of undeny), and writes this page. Where they decide differently, the scenario is made as
small as it goes, which leaves the disagreement and nothing else. Each kind of disagreement was settled from AWS's documentation, and
an example of each is kept in `tests/data/disagreements.jsonl`, on which every test run tries the engine and the definition. A disagreement
of a new kind makes the target fail.

A scenario is compared by its decision: allowed, implicitly denied, explicitly denied. Where undeny answers *unknown* there is nothing to
compare.
"""


def page(campaigns: list[Campaign]) -> str:
    """Write the page."""
    return "\n".join([HEAD, *mended(), *(section(campaign) for campaign in campaigns)])


def mended() -> list[str]:
    """Write where undeny was the wrong side (it was mended, so that these no longer show below), and what AWS does not say."""
    return [
        *listed(
            "Where undeny was the wrong side (mended since, and kept as regression scenarios, so that it no longer shows below)", "outside"
        ),
        *listed("What AWS's documentation does not settle", "not documented"),
    ]


def listed(title: str, right: str) -> list[str]:
    """Write the kinds in which one side, or nobody, is right."""
    held = [f"- `{kind.id}`: {kind.title}. {kind.rule} [AWS]({kind.source})" for kind in KINDS if kind.right == right]
    return [f"{title}:", "", *held, ""]


def section(campaign: Campaign) -> str:
    """Write what came of one implementation."""
    lines = [f"## {campaign.name} {campaign.version}", ""]
    lines += [NOTES[campaign.name].strip(), ""]
    agreed = ", ".join(f"{count:,} {words(decision)}" for decision, count in campaign.agreed.most_common())
    share = campaign.agreed.total() / campaign.compared * 100
    alike = f"{campaign.agreed.total():,} alike ({share:.1f} %; {agreed})"
    lines += [f"**{campaign.compared:,} scenarios compared: {alike}, {len(campaign.found):,} not.**", ""]
    lines += counted("Left out (what the implementation cannot say, or nobody knows)", campaign.left_out)
    lines += counted("Taken out of scenarios that were compared", campaign.taken_out)
    return "\n".join([*lines, *table(campaign.found), *ids(campaign.found)])


def counted(title: str, counts: Counter[str]) -> list[str]:
    """Write counts as a list."""
    return [f"{title}:", "", *(f"- {count:,}: {what}" for what, count in counts.most_common()), ""] if counts else []


def table(found: list[Disagreement]) -> list[str]:
    """Write one row a kind."""
    by_kind = grouped(found)
    lines = ["| kind | times | undeny / outside | AWS says | right |", "|---|---|---|---|---|"]
    for kind in (*KINDS, None):
        held = by_kind.get(kind.id if kind else "")
        if not held:
            continue
        pairs = Counter(f"{short(one.ours)} / {short(one.theirs)}" for one in held)
        decisions = ", ".join(f"{pair} ({count})" for pair, count in pairs.most_common())
        lines.append(f"| {named(kind)} | {len(held)} | {decisions} | {said(kind)} | {kind.right if kind else '**not settled**'} |")
    return [*lines, ""]


def ids(found: list[Disagreement]) -> list[str]:
    """Write the ids of each kind: the seeds, from which the scenario can be made again."""
    by_kind = grouped(found)
    lines = ["The ids (the seed of each scenario):", ""]
    return [*lines, *(f"- `{kind or 'not settled'}`: {', '.join(one.id for one in held)}" for kind, held in sorted(by_kind.items())), ""]


def grouped(found: list[Disagreement]) -> dict[str, list[Disagreement]]:
    """Group by the kind's id, `""` for what is not settled."""
    by_kind: dict[str, list[Disagreement]] = defaultdict(list)
    for one in found:
        by_kind[one.kind.id if one.kind else ""].append(one)
    return by_kind


def named(kind: Kind | None) -> str:
    """Write the kind's id and title."""
    return f"`{kind.id}`: {kind.title}" if kind else "new"


def said(kind: Kind | None) -> str:
    """Write the rule with its page."""
    return f"{kind.rule} [AWS]({kind.source})" if kind else ""


def words(decision: str) -> str:
    """Write a decision in words."""
    return decision.replace("_", " ")


def short(decision: str) -> str:
    """Write a decision in a word."""
    return {"allowed": "allowed", "implicitly_denied": "implicit", "explicitly_denied": "explicit"}.get(decision, decision)


NOTES = {
    "iam-simulate": """
npm's `@cloud-copilot/iam-simulate` (AGPL-3.0; run as a program of its own by `differential/simulate.mjs`, none of it read or copied).
It decides all layers in process. Scenarios come from `tests/generators`, as those of the comparison with the definition, cut down to what
it can say: no unread layer, no unknown key, one session policy, endpoint policies for everyone (`Principal: "*"`), RCPs as AWS lets them be
written, no KMS grants and ACLs, no scope-down policies, no second policy behind an S3 access point, no empty boundary or endpoint (it
cannot tell one from none). Every key that undeny fills in by itself is given to it.
""",
    "ministack": """
PyPI's `ministack` (MIT; in a virtual environment of its own, `AUTH=true`, on the loopback address only): an AWS look-alike that enforces
policies over HTTP. Each scenario's policies are written into it with its own APIs, the call is made with boto3 by an IAM user, a role
session or nobody, and the answer, with its text, is the decision. The calls go to S3, SQS, SNS, Secrets Manager, KMS and AssumeRole, in
one account or, where it finds another account's thing (not for secrets and keys), across two. It knows no SCP, RCP, endpoint policy or
scope-down policy. An answer that does not say how it denies counts as alike with either denial. Conditions on keys whose value only the
client or the server knows (`aws:UserAgent`, `aws:PrincipalOrgID`, `aws:TokenIssueTime`, `aws:userid`) are taken off. Its ids are drawn
anew each time, so the seed says the kind of scenario, not each character of it.
""",
}
