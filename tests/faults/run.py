"""Kills a change at every point, and fails every call in every way; then lets it be finished or undone, and looks at the bytes.

A process of its own, without threads: at each point it forks. The child is the world as a kill at that moment leaves it: what AWS
holds, and a copy of the journal's file. In it a new session and a new store go on with the change, or roll it back. Prints counts as JSON.

    python run.py apply|rollback every|writes KIND...

With `every`, each call and each write of the journal is a point, and all the kinds are edited in one change. With `writes`, one kind after the
other: the points are what is around its own write.
"""

import gc
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import botocore.endpoint
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError
from moto.core.botocore_stubber import MockRawResponse
from moto.core.request import Request

sys.path.insert(0, str(Path(__file__).parent))
from kinds import REGION, World

from undeny import change
from undeny.change.carrying import Way, resume
from undeny.change.store import Store
from undeny.errors import UndenyError
from undeny.fix.model import Fix
from undeny.lab import organization
from undeny.lab.callers import Callers
from undeny.lab.gate import Gate
from undeny.lab.server import LabSession
from undeny.lab.trail import Trail
from undeny.prove.model import Proof, ProvenFix

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
botocore.endpoint.time = SimpleNamespace(sleep=lambda _: None)  # botocore's own pauses between its tries of a read
FAULTS = {
    "throttled": (400, "Throttling", "Rate exceeded"),
    "5xx": (503, "ServiceUnavailable", "try again"),
    "lost": None,
}
WRITES = ("begin_change", "put_aside", "intend", "finish", "close", "set_state", "save_image")
AT_ONCE = 2


class Lab:
    """A gate without a server: calls go to it in this process."""

    def __init__(self) -> None:
        self.accounts = organization.found()
        self.account = self.accounts["management"]
        self.gate = Gate(Callers(self.accounts), Trail(), "203.0.113.9")

    def session(self, point=None):
        """Give a session; `point` is told of each call before and after it, and may answer in AWS's place."""
        made = LabSession("http://127.0.0.1:9", aws_access_key_id="AKIA", aws_secret_access_key="x", region_name=REGION)

        def send(request, event_name, **_):
            prepared = Request.from_primitives(request.method, request.url, request.headers, request.body)
            name = event_name.removeprefix("before-send.")
            fault = point(f"call {name}", "before") if point else None
            if fault and FAULTS[fault]:
                return answer(request, *FAULTS[fault])
            reply = self.gate.make(dict(prepared.environ), prepared.get_data(), self.account)
            if fault == "lost":
                raise ConnectionClosedError(endpoint_url=request.url)
            if point:
                point(f"call {name}", "after")
            return AWSResponse(request.url, reply.status, dict(reply.headers), MockRawResponse(reply.body))

        made.events.register("before-send", send)
        return made


def answer(request, status, code, text):
    """Give AWS's error as the protocol of the call has it."""
    headers = {name.lower(): value if isinstance(value, str) else value.decode() for name, value in request.headers.items()}
    if "x-amz-target" in headers or "json" in headers.get("content-type", "") or ":9/20" in request.url:
        body = json.dumps({"__type": code, "message": text})
    else:
        error = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>"
        query = "form-urlencoded" in headers.get("content-type", "")
        body = f"<ErrorResponse>{error}</ErrorResponse>" if query else error
    return AWSResponse(request.url, status, {"x-amzn-errortype": code}, MockRawResponse(body.encode()))


class Journal(Store):
    """A store that tells of each write before and after it."""

    point = None


def _told(name):
    plain = getattr(Store, name)

    def write(self, *args, **kwargs):
        if self.point:
            self.point(f"journal {name}", "before")
        value = plain(self, *args, **kwargs)
        if self.point:
            self.point(f"journal {name}", "after")
        return value

    return write


for each in WRITES:
    setattr(Journal, each, _told(each))


class Trial:
    """One walk with points. `goals` are what may stand afterwards: by name, the bytes of every thing."""

    def __init__(self, lab, kinds, home, which):
        self.lab, self.kinds, self.home, self.which = lab, kinds, home, which
        self.counts = Counter()
        self.failed = []
        self.running = {}
        self.number = 0
        self.quiet = False
        self.fault = None
        edits = tuple(kind.edit for kind in kinds)
        fix = Fix(id="f", title="let it through", layer="identity", applicability="machine_applicable", changes=edits)
        self.proven = ProvenFix(fix=fix, proofs=(Proof(obligation="suffices", holds=True, how="checked"),))
        self.way = Way(organization=True, wait=lambda _: None, jitter=lambda: 1.0, environment={})

    def bytes(self):
        return {kind.name: kind.raw() for kind in self.kinds}

    def apply(self, session, store):
        return change.carry_out(self.proven, session, store, self.way)

    def undo(self, session, store):
        return change.roll_back(store, session, way=self.way)

    def walk(self, phase):
        """Make one walk, killed and failed at each of its points."""
        store = Journal(self.home)
        self.original = self.bytes()
        if phase == "rollback":
            self.apply(self.lab.session(), store)
        store.point = self.point
        self.phase = phase
        (self.apply if phase == "apply" else self.undo)(self.lab.session(self.point), store)
        while self.running:
            self._reap()

    def point(self, what, when):
        if self.fault is not None:
            return self._failing(what, when)
        if self.quiet or (self.which == "writes" and not (self._writes(what) or what in ("journal intend", "journal finish"))):
            return None
        self.number += 1
        ways = ("resume", "rollback") if self.phase == "apply" else ("rollback",)
        if self.which == "writes" or (what.startswith("call") and not self._writes(what)):
            ways = ways[self.number % len(ways) :][:1]
        for way in ways:
            self._fork(("killed", when, what), lambda way=way: self._recover(way))
        if when == "before" and what.startswith("call"):
            for fault in FAULTS:
                for lasting in (False, True) if self._writes(what) else (True,):  # a read that fails once is botocore's own business
                    child = self._fork((fault, "for good" if lasting else "once", what), None)
                    if child == 0:
                        self.fault = (fault, lasting)
                        self.first = True
                        return fault
        return None

    def _writes(self, what):
        return any(word in what for word in (".Put", ".Set", ".Update", ".Create", ".Delete", ".Modify", ".Attach", ".Detach"))

    def _failing(self, what, when):
        """Answer for a walk that goes on with a fault: once, or in every call from then on."""
        fault, lasting = self.fault
        return fault if lasting and when == "before" and what.startswith("call") else None

    def _fork(self, name, recover):
        """Fork a world; gives 0 in the one that goes on by itself. At most so many run at once."""
        while len(self.running) >= AT_ONCE:
            self._reap()
        self.counts[name[0]] += 1
        copy = Path(tempfile.mkdtemp(dir=self.home.parent))
        shutil.copytree(self.home, copy / "home", dirs_exist_ok=True)
        child = os.fork()
        if child:
            self.running[child] = (name, copy)
            return child
        self.running, self.quiet = {}, True
        self.copy = copy
        if recover is None:
            # the walk goes on in this child, on its own copy of the journal
            self.home_now = copy / "home"
            for other in [one for one in _open_stores if one.home == self.home]:
                other.home, other._path = self.home_now, self.home_now / "undeny.db"
            self.child = name
            return 0
        self._end(name, recover)
        return None

    def _end(self, name, work):
        """Do the child's work and leave: nothing of it is seen by the parent but its exit status."""
        try:
            work()
            status = 0
        except BaseException:  # noqa: BLE001 - whatever it is, the parent is told
            (self.copy / "why").write_text(f"{name}\n{traceback.format_exc()}")
            status = 1
        os._exit(status)

    def _reap(self):
        child, status = os.wait()
        name, copy = self.running.pop(child)
        if status:
            self.failed.append(((copy / "why").read_text() if (copy / "why").exists() else f"{name}: died")[-3000:])
        shutil.rmtree(copy)

    def _recover(self, way):
        """A new process: a new session, a new store on the journal's file."""
        store, session = Store(self.copy / "home"), self.lab.session()
        if not store.changes():
            assert self.bytes() == self.original, "nothing is in the journal, and AWS holds something else"
            return
        state_now = store.change().state
        if way == "rollback":
            if state_now != "rolled_back":
                self.undo(session, store)
            self._check("rolled_back", store)
            assert self.bytes() == self.original, "rolled back, and other bytes"
            return
        if state_now != "in_force":
            resume(store, session, way=self.way)
        self._check("in_force", store)
        self._intended()

    def _check(self, wanted, store):
        record = store.change()
        assert record.state == wanted, f"{record.state} in place of {wanted}"
        assert not record.interrupted, "a call is still open in the journal"

    def _intended(self):
        for kind in self.kinds:
            told = kind.raw()
            assert told != self.original[kind.name], f"{kind.name} is as it was"
            assert kind.name not in self.wanted or told == self.wanted[kind.name], f"{kind.name}: {told}"

    def after_fault(self, error):
        """What a walk that met a fault does: where it ended well all is as meant; where it failed, somebody finishes or undoes it."""
        self.fault = None
        self.quiet = True
        store = Store(self.home_now)
        if error is None:
            self._check("in_force" if self.phase == "apply" else "rolled_back", store)
            if self.phase == "apply":
                self._intended()
            else:
                assert self.bytes() == self.original
            return
        assert isinstance(error, UndenyError), f"no clear error: {error!r}"
        assert self.child[1] != "once", f"a write that failed once was given up: {error}"
        self.copy = self.home_now.parent
        self._recover("rollback" if self.phase == "rollback" or os.getpid() % 2 else "resume")


_open_stores = []


def main() -> None:
    phase, which, *names = sys.argv[1:]
    lab = Lab()
    world = World(lab.account, lab.session().client)
    kinds = [world.kind(name) for name in names]
    first = Store.__init__

    def opened(self, *args, **kwargs):
        first(self, *args, **kwargs)
        _open_stores.append(self)

    Store.__init__ = opened
    told = {"points": 0, "worlds": Counter(), "failed": [], "kinds": names}
    for together in [kinds] if which == "every" else [[kind] for kind in kinds]:
        with tempfile.TemporaryDirectory() as folder:
            trial = played(lab, together, Path(folder), phase, which)
            told["points"] += trial.number
            told["worlds"] += trial.counts
            told["failed"] += trial.failed
    print(json.dumps(told))  # noqa: T201 - the answer of this program


def played(lab, kinds, folder, phase, which):
    """Play one change over some kinds; gives the trial, in the parent alone."""
    trial = Trial(lab, kinds, folder / "home", which)
    plain = Store(folder / "plain")
    trial.original = trial.bytes()
    trial.apply(lab.session(), plain)
    trial.wanted = trial.bytes()
    trial.undo(lab.session(), plain)
    assert trial.bytes() == trial.original, "a plain rollback gives other bytes"
    trial.wanted.pop("managed", None)  # the numbers of versions go on counting
    trial.wanted.pop("boundary", None)
    gc.collect()
    gc.freeze()  # a fork then copies less
    error = None
    try:
        trial.walk(phase)
    except BaseException as caught:
        if not hasattr(trial, "child"):
            raise
        error = caught
    if hasattr(trial, "child"):
        trial._end(trial.child, lambda: trial.after_fault(error))
    if phase == "apply":
        trial.undo(lab.session(), Store(folder / "home"))
    return trial


main()
