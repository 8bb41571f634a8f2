"""What somebody else writes meanwhile is never overwritten, whatever kind of thing it is."""

import pytest
from kinds import ALL, World

from undeny import change
from undeny.change.carrying import Way, resume
from undeny.change.store import Store
from undeny.errors import UndenyError
from undeny.fix.model import Fix
from undeny.lab import Lab
from undeny.prove.model import Proof, ProvenFix


@pytest.fixture(scope="module")
def lab():
    with Lab() as lab:
        yield lab


@pytest.fixture(scope="module")
def world(lab):
    maker = lab.maker("management")
    return World(lab.account["management"], maker.client)


@pytest.fixture(scope="module")
def session(lab):
    return lab.maker("management")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture(scope="module")
def kinds(world):
    return {name: world.kind(name) for name in ALL}


THEIRS = '{"Version": "2012-10-17", "Statement": [{"Sid": "Theirs", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}'
WAY = Way(organization=True, wait=lambda _: None, environment={})


def proven(edit):
    fix = Fix(id="f", title="let it through", layer="identity", applicability="machine_applicable", changes=(edit,))
    return ProvenFix(fix=fix, proofs=(Proof(obligation="suffices", holds=True, how="checked"),))


class Cut(BaseException):
    """The program ends here."""


class CutStore(Store):
    """A store that ends the program before the first call is intended."""

    def intend(self, *_args, **_kwargs):
        raise Cut


@pytest.mark.parametrize("name", ALL)
def test_an_edit_between_apply_and_rollback_is_left_and_then_the_one_before_apply(name, kinds, session, store):
    kind = kinds[name]
    before = kind.raw()
    done = change.carry_out(proven(kind.edit), session, store, WAY)
    assert done.record.state == "in_force"
    kind.meddle()
    theirs = kind.raw()
    if name != "attachment":  # it is off the role: what others write into it is not touched by attaching it again
        with pytest.raises(UndenyError) as caught:
            change.roll_back(store, session, way=WAY)
        assert caught.value.code == "changed-meanwhile"
        assert kind.raw() == theirs
        change.roll_back(store, session, force=True, way=WAY)
    else:
        change.roll_back(store, session, way=WAY)
    if name not in ("managed", "boundary", "attachment"):
        assert kind.raw() == before
    kind.meddle()
    theirs = kind.raw()
    with pytest.raises(UndenyError) as caught:
        change.carry_out(proven(kind.edit), session, store, WAY)
    assert caught.value.code in ("changed-meanwhile", "ambiguous-policy")
    assert kind.raw() == theirs


def test_an_edit_between_the_plan_on_disk_and_going_on_with_it_is_left(kinds, world, session, tmp_path):
    iam = session.client("iam")
    role = iam.create_role(RoleName="Late", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    kind = kinds["new-inline"]
    edit = type(kind.edit)(layer="identity", target=role, policy="p", before=None, after=kind.edit.after)
    with pytest.raises(Cut):
        change.carry_out(proven(edit), session, CutStore(tmp_path), WAY)
    store = Store(tmp_path)
    assert store.change().state == "applying"
    iam.put_role_policy(RoleName="Late", PolicyName="p", PolicyDocument=THEIRS)
    with pytest.raises(UndenyError) as caught:
        resume(store, session, way=WAY)
    assert caught.value.code == "changed-meanwhile"
    assert iam.list_role_policies(RoleName="Late")["PolicyNames"] == ["p"]
    assert iam.get_role_policy(RoleName="Late", PolicyName="p")["PolicyDocument"]["Statement"][0]["Sid"] == "Theirs"
    iam.delete_role_policy(RoleName="Late", PolicyName="p")
    assert resume(store, session, way=WAY).record.state == "in_force"
    with pytest.raises(UndenyError, match="nothing to go on with"):
        resume(store, session, way=WAY)
