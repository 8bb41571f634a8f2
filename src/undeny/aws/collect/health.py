"""AWS Health: AWS's own events, asked where the service failed, was slow or did not answer (the reader is `undeny.aws.health`)."""

from undeny.aws.health import PERMISSIONS

__all__ = ["PERMISSIONS"]
