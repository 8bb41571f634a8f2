"""Reachability Analyzer itself, asked on request: it writes a path and an analysis into the account, and is charged for each analysis.

https://docs.aws.amazon.com/vpc/latest/reachability/getting-started-cli.html
"""

import os
import time
from collections.abc import Callable
from typing import Any

from undeny.aws.session import Session, client, told
from undeny.errors import UndenyError

PERMISSIONS = {
    "ec2:CreateNetworkInsightsPath": "writes the path",
    "ec2:StartNetworkInsightsAnalysis": "runs the analysis, which AWS charges for",
    "ec2:DescribeNetworkInsightsAnalyses": "reads its result",
    "ec2:DeleteNetworkInsightsAnalysis": "takes the analysis away again",
    "ec2:DeleteNetworkInsightsPath": "takes the path away again",
}
CHARGED = "https://aws.amazon.com/vpc/pricing/"
_ROUNDS, _PAUSE = 60, 2.0


def analyze(session: Session, region: str, path: dict[str, Any], *, pause: Callable[[float], None] = time.sleep) -> dict[str, Any]:
    """Have AWS analyse a path (`Source`, `Destination` or `DestinationIp`, `Protocol`, `DestinationPort`) and take both away again.

    Raises `UndenyError` where writes are switched off (`UNDENY_READ_ONLY`), and (exit 3) where AWS refuses or does not finish.
    """
    if os.environ.get("UNDENY_READ_ONLY"):
        raise UndenyError(
            "Reachability Analyzer writes a path, and UNDENY_READ_ONLY is set", code="read-only", help=("leave --analyzer out",)
        )
    ec2 = client(session, "ec2", region)
    with told():
        made = _made(ec2, path)
        try:
            return _result(ec2, made, pause)
        finally:
            ec2.delete_network_insights_path(NetworkInsightsPathId=made)


def _made(ec2: Any, path: dict[str, Any]) -> str:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - only where AWS is asked

    try:
        return str(ec2.create_network_insights_path(**path)["NetworkInsightsPath"]["NetworkInsightsPathId"])
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise UndenyError(
            f"AWS does not let Reachability Analyzer be asked (`{code}`)", code="analyzer-refused", exit_status=3,
            help=(f"it needs {', '.join(PERMISSIONS)}",),
        ) from error  # fmt: skip


def _result(ec2: Any, made: str, pause: Callable[[float], None]) -> dict[str, Any]:
    started = ec2.start_network_insights_analysis(NetworkInsightsPathId=made)["NetworkInsightsAnalysis"]
    name = started["NetworkInsightsAnalysisId"]
    try:
        for _ in range(_ROUNDS):
            answer = ec2.describe_network_insights_analyses(NetworkInsightsAnalysisIds=[name])["NetworkInsightsAnalyses"][0]
            if answer["Status"] != "running":
                return _read(answer)
            pause(_PAUSE)
    finally:
        ec2.delete_network_insights_analysis(NetworkInsightsAnalysisId=name)
    raise UndenyError("Reachability Analyzer did not finish in time", code="analyzer-slow", exit_status=3, help=("ask again",))


def _read(answer: dict[str, Any]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInsightsAnalysis.html."""
    found = answer.get("NetworkPathFound")
    verdict = "unknown" if answer["Status"] != "succeeded" or found is None else "reachable" if found else "blocked"
    codes = [one["ExplanationCode"] for one in answer.get("Explanations", ()) if one.get("ExplanationCode")]
    return {
        "analysis": answer["NetworkInsightsAnalysisId"],
        "verdict": verdict,
        "codes": list(dict.fromkeys(codes)),
        "message": answer.get("StatusMessage") or answer.get("WarningMessage"),
    }
