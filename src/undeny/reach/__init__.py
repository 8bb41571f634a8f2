"""The network path, decided hop by hop over what was read of the network: pure, three-valued, with the very rule that blocks.

Every hop that blocks is named by Reachability Analyzer's explanation codes, and the smallest change is tried on the same network.
https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
"""

from typing import TYPE_CHECKING

from undeny.doors import lazily

if TYPE_CHECKING:
    from undeny.reach.opening import reach

__all__ = ["reach"]

__getattr__ = lazily(__name__, {"reach": "opening"})
