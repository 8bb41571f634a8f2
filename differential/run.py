"""Compare undeny with outside implementations, write `docs/differential.md`, and fail on a disagreement of a new kind.

Run by `make differential`, which installs them. `--simulate N` and `--ministack N` say how many scenarios, 0 to leave one out; the page is
written only when both ran.
"""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import report  # noqa: E402 - the generators are under tests/
import simulate  # noqa: E402 - as above
import stack  # noqa: E402 - as above
import with_ministack  # noqa: E402 - as above
import with_simulate  # noqa: E402 - as above
from campaign import Campaign, differ, keep  # noqa: E402 - as above


def main() -> int:
    """Run both campaigns."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--simulate", type=int, default=5000)
    parser.add_argument("--ministack", type=int, default=1000)
    count = parser.parse_args()
    campaigns = []
    if count.simulate:
        campaigns.append(with_simulate.run(count.simulate, simulate.missing()))
    if count.ministack:
        campaigns.append(with_ministack.run(count.ministack, stack.missing()))
    if not (count.simulate and count.ministack):
        return max([told(campaign) for campaign in campaigns], default=0)
    (ROOT / "docs" / "differential.md").write_text(report.page(campaigns), "utf-8")
    return max([told(campaign) for campaign in campaigns])


def told(campaign: Campaign) -> int:
    """Print what came of a campaign; 1 where something is not settled."""
    new = keep(campaign)
    print(f"{campaign.name} {campaign.version}: {campaign.compared} compared, {campaign.agreed.total()} alike, {len(campaign.found)} not, "
          f"{campaign.left_out.total()} left out, {campaign.seconds:.0f} s; {new} new rows kept")  # fmt: skip
    open_ones = [one for one in campaign.found if one.kind is None]
    apart = [one for one in campaign.found if differ(one.scenario)]
    for one in (*open_ones, *apart):
        print(f"  {one.id}: undeny {one.ours}, {campaign.name} {one.theirs}: {json.dumps(one.scenario)}")
    return 1 if open_ones or apart else 0


if __name__ == "__main__":
    sys.exit(main())
