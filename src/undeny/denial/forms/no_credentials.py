"""The SDK found no credentials at all."""

from collections.abc import Iterator

from undeny.denial.found import Facts, Found, Passage, matches

NEEDS = ("credential", "could not be found", "no valid providers", "no basic auth")
SOURCE = "https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html"
PATTERN = (
    r"unable to (?:locate|load|find) (?:aws )?credentials[^\n\"<]{0,160}|could not (?:load|find) credentials[^\n\"<]{0,80}"
    r"|no valid credential sources?(?: for \S+ \S+ \S+)? found|missing credentials in config[^\n\"<]{0,80}|the config "
    r"profile \([^)]*\) could not be found|no valid providers in chain[^\n\"<]{0,60}|static credentials are empty|no basic "
    r"auth credentials|partial credentials found in[^\n\"<]{0,80}|your session has expired or credentials have "
    r"changed[^\n\"<]{0,80}"
)
EXAMPLES: dict[str, Facts] = {"Unable to locate credentials": {}, "Error: No valid credential sources found": {}}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
