"""`undeny run --retry`: repeats only what can heal by itself, with growing pauses, and leaves with the command's own status."""

import itertools

import pytest

import undeny as library
from undeny.ui.cli import retrying

NEW_ROLE = "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda."
DENIED = (
    "An error occurred (AccessDenied) when calling the CreateRole operation: User: arn:aws:iam::111122223333:user/a is not authorized to perform: "
    "iam:CreateRole on resource: arn:aws:iam::111122223333:role/b with an explicit deny in a service control policy"
)


def script(tmp_path, fails, message, status=7):
    """A command that fails so many times with a message, then succeeds; it counts its runs."""
    count = tmp_path / "count"
    return f'n=$(cat {count} 2>/dev/null || echo 0); echo $((n+1)) > {count}; [ $n -ge {fails} ] && exit 0; echo "{message}" >&2; exit {status}'


def runs(tmp_path):
    return int((tmp_path / "count").read_text())


@pytest.mark.timeout(60)
def test_a_command_that_fails_on_a_role_that_is_too_new_is_repeated_until_it_succeeds(undeny, tmp_path):
    ran = undeny("run", "--retry", "20", "--", "sh", "-c", script(tmp_path, 2, NEW_ROLE))
    assert ran.returncode == 0
    assert runs(tmp_path) == 3
    assert ran.stderr.count("this can heal by itself (propagation): nothing to edit, again in") == 2
    assert ran.stderr.count("cannot be assumed by Lambda") == 2


@pytest.mark.timeout(60)
def test_a_denial_that_does_not_heal_in_time_is_explained_with_the_status_of_the_command(undeny, tmp_path):
    ran = undeny("run", "--retry", "3", "--", "sh", "-c", script(tmp_path, 99, NEW_ROLE))
    assert ran.returncode == 7
    assert runs(tmp_path) > 1
    assert "denied[propagation" in ran.stderr


def test_a_denial_that_no_waiting_mends_is_not_repeated(undeny, tmp_path):
    ran = undeny("run", "--retry", "30", "--", "sh", "-c", script(tmp_path, 99, DENIED))
    assert ran.returncode == 7
    assert runs(tmp_path) == 1
    assert "denied[scp-explicit-deny" in ran.stderr


def test_without_retry_nothing_is_repeated(undeny, tmp_path):
    assert undeny("run", "--", "sh", "-c", script(tmp_path, 99, NEW_ROLE)).returncode == 7
    assert runs(tmp_path) == 1


def test_pauses_grow_to_a_most_and_end_with_the_time():
    now = itertools.accumulate(itertools.repeat(0.0))
    found = list(itertools.islice(retrying.pauses(1000, lambda: next(now), lambda: 1.0), 6))
    assert found == [2.0, 4.0, 8.0, 16.0, 20.0, 20.0]
    at = iter([0.0, 0.0, 9.0, 10.0])
    assert list(retrying.pauses(10, lambda: next(at), lambda: 1.0)) == [2.0, 1.0]


def test_a_pause_is_never_less_than_half_of_its_length():
    assert list(itertools.islice(retrying.pauses(1000, lambda: 0.0, lambda: 0.0), 3)) == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("text", "heals"),
    [
        (NEW_ROLE, True),
        ("An error occurred (ThrottlingException) when calling the LookupEvents operation: Rate exceeded", True),
        (DENIED, False),
        ("An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided token has expired.", False),
        ("An error occurred (LimitExceeded) when calling the CreateRole operation: Cannot exceed quota for RolesPerAccount: 1000", False),
    ],
)
def test_only_what_passes_by_itself_heals(text, heals):
    assert retrying.can_heal(library.explain(text)) == heals
