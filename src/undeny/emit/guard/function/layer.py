"""The script that makes the function's layer: undeny with what it needs, by pip, for Lambda's own system."""

from undeny.emit.guard.function import FunctionCode
from undeny.emit.guard.function import _parts as parts

NAME = "layer"
FILE = "build-layer.sh"
SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html"
SCRIPT = """\
#!/bin/sh
# Makes layer.zip: undeny and what it needs, for {runtime} on x86_64. A wheel's path may be given instead of the name.
# {source}
set -eu
what=${{1:-undeny=={version}}}
rm -rf layer layer.zip
pip install --quiet --target layer/python --platform manylinux2014_x86_64 --implementation cp --python-version {minor} \\
  --only-binary=:all: "$what"
find layer -name __pycache__ -type d -prune -exec rm -rf {{}} +
(cd layer && python3 -m zipfile -c ../layer.zip python)
echo "layer.zip: $(wc -c < layer.zip) bytes; Lambda takes 250 MB unpacked, and this is $(du -sm layer | cut -f1) MB"
# CloudFormation takes the layer by its ARN; Terraform makes it from the file.
# aws lambda publish-layer-version --region {region} --layer-name {name} --zip-file fileb://layer.zip --compatible-runtimes {runtime}
"""


def render(code: FunctionCode) -> str:
    """Write the script."""
    return SCRIPT.format(runtime=parts.RUNTIME, minor=parts.MINOR, version=code.version, region=code.region, name=code.name, source=SOURCE)
