import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from undeny.change.model import Verification
from undeny.change.store import Store, home_folder
from undeny.errors import UndenyError

NOW = datetime(2026, 11, 24, 18, 4, tzinfo=UTC)
CHANGE = {"fix": {"fix": {"title": "t"}}, "account": "123456789012", "by": "arn"}
STEP = {"number": 1, "phase": "apply", "title": "t", "action": "iam:PutRolePolicy", "edit": {}, "standing": {"text": None}}


def test_the_home_is_undeny_home_and_else_the_users_state_folder(tmp_path):
    assert home_folder({"UNDENY_HOME": str(tmp_path)}) == tmp_path
    assert home_folder({}).name == "undeny"


def test_an_explanation_is_saved_under_a_short_id_that_it_then_bears(store):
    identifier = store.save_explanation({"id": None, "bucket": "permission"}, scenario={"id": "s"})
    assert identifier.startswith("d-")
    assert len(identifier) == 6
    assert store.explanation(identifier) == {"id": identifier, "bucket": "permission"}
    assert store.scenario(identifier) == {"id": "s"}


def test_without_an_id_the_last_one_is_meant(store):
    store.save_explanation({"n": 1})
    last = store.save_explanation({"n": 2})
    assert store.explanation()["n"] == 2
    assert store.scenario() is None
    assert store.explanations()[0][0] == last


def test_an_id_has_no_letter_that_reads_like_another(tmp_path):
    count = iter(range(10_000))
    store = Store(tmp_path, below=lambda limit: next(count) % limit)
    letters = {letter for _ in range(40) for letter in store.save_explanation({})[2:]}
    assert letters == set("23456789abcdefghjkmnpqrstuvwxyz")


def test_ids_grow_where_the_short_ones_are_taken(tmp_path):
    store = Store(tmp_path, below=lambda _: 0)
    assert [store.save_explanation({}) for _ in range(3)] == ["d-2222", "d-22222", "d-222222"]


@pytest.mark.parametrize("method", ["explanation", "scenario", "change"])
def test_an_id_that_is_not_there_is_told(store, method):
    with pytest.raises(UndenyError, match="`x-none`"):
        getattr(store, method)("x-none")


def test_what_was_saved_is_there_for_the_next_program(tmp_path):
    identifier = Store(tmp_path).save_explanation({"n": 1})
    assert Store(tmp_path).explanation(identifier)["n"] == 1


def test_a_before_image_comes_back_byte_for_byte_and_only_whole(store):
    text = '{"a":\r\n\t"ü"}'
    digest = store.save_image(text)
    assert store.save_image(text) == digest
    assert store.image(digest) == text
    with sqlite3.connect(store.home / "undeny.db") as db:
        db.execute("UPDATE image SET text = 'other'")
    with pytest.raises(UndenyError, match="not whole"):
        store.image(digest)


def test_an_intent_is_on_the_disk_before_its_result(store):
    change = store.begin_change(CHANGE)
    row = store.intend(change, STEP)
    seen = Store(store.home).change(change)
    assert seen.state == "applying"
    assert [done.action for done in seen.interrupted] == ["iam:PutRolePolicy"]
    store.finish(row, result={"v": 1})
    after = store.change(change)
    assert after.interrupted == ()
    assert after.steps[0].result == {"v": 1}
    assert after.steps[0].intended_at == NOW


def test_a_change_keeps_its_state_and_verification(store):
    change = store.begin_change(CHANGE | {"explanation": "d-1", "scenario": {"a": 1}, "region": "eu-west-1"})
    store.set_state(change, "in_force", Verification(verified="allowed", how="repeated"))
    record = store.change()
    assert (record.id, record.state, record.explanation, record.scenario, record.region) == (
        change,
        "in_force",
        "d-1",
        {"a": 1},
        "eu-west-1",
    )
    assert record.verification == Verification(verified="allowed", how="repeated")
    assert [one.id for one in store.changes()] == [change]


def test_the_state_is_readable_by_its_owner_alone(tmp_path):
    store = Store(tmp_path / "new")
    assert stat.S_IMODE((store.home / "undeny.db").stat().st_mode) == 0o600
    assert stat.S_IMODE(store.home.stat().st_mode) == 0o700


def test_the_file_survives_a_program_that_dies_within_a_write(store):
    with sqlite3.connect(store.home / "undeny.db") as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    change = store.begin_change(CHANGE)
    dying = sqlite3.connect(store.home / "undeny.db")
    dying.execute("UPDATE change SET state = 'rolled_back'")
    dying.close()
    assert store.change(change).state == "applying"


def test_a_file_of_a_newer_undeny_is_left_alone(store):
    with sqlite3.connect(store.home / "undeny.db") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(UndenyError, match="newer undeny"):
        Store(store.home)


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "undeny.db").write_bytes(b"not a database at all, but long enough to be read as one" * 30)
    with pytest.raises(UndenyError) as caught:
        Store(tmp_path)
    assert caught.value.code == "state-unreadable"


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UndenyError) as caught:
        Store(Path(tmp_path / "file" / "state"))
    assert caught.value.code == "state-unwritable"


def test_a_journal_of_the_first_schema_is_read_and_its_changes_can_be_undone(tmp_path):
    """Schema 1 kept no steps as planned: each is then as its first call found it."""
    old = Store(tmp_path)
    change = old.begin_change({"fix": {}, "account": "111122223333", "by": "x"})
    standing = {"place": {"kind": "bucket", "title": "policy of bucket b", "names": {"Bucket": "b"}}, "text": old.save_image("{}")}
    step = {"number": 1, "phase": "apply", "title": "policy of bucket b", "action": "s3:PutBucketPolicy", "edit": {"kind": "policy"}}
    old.finish(old.intend(change, step | {"standing": standing}), result={})
    with sqlite3.connect(tmp_path / "undeny.db") as db:
        db.execute("DROP TABLE meant")
        db.execute("DROP TABLE aside")
        db.execute("PRAGMA user_version = 1")
    db.close()
    (meant,) = Store(tmp_path).change(change).meant
    assert (meant.number, meant.title, meant.standing) == (1, "policy of bucket b", standing)
