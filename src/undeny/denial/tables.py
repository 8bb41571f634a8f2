"""A table of events as a file: what Athena and CloudTrail Lake give as CSV, columns named in the first line."""

import csv
from collections.abc import Iterator

from undeny.denial.mappings import Tally, denials_in
from undeny.denial.model import Denial

_HEAD = 20_000
"""Characters within which the line of names ends."""


def is_table(text: str) -> bool:
    """Whether the first line names columns of events: the call beside its error, its caller or its source."""
    head = text[:_HEAD].lstrip("\ufeff \t\r\n").partition("\n")[0].lower()
    names = {name.strip('" \r') for name in head.replace("\t", ",").split(",")}
    return "eventname" in names and not names.isdisjoint({"errorcode", "useridentity", "eventsource", "errormessage"})


def rows_of(text: str, tally: Tally) -> Iterator[tuple[int, list[Denial]]]:
    """Give for each row that tells of a refusal the line on which it ends, and its denials."""
    text = text.lstrip("\ufeff \t\r\n")
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter="\t" if "\t" in text.partition("\n")[0] else ",")
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    for row in reader:
        given = {name: value for name, value in row.items() if isinstance(name, str) and isinstance(value, str) and value}
        found = denials_in(given, tally)
        if found:
            yield reader.line_num, found
