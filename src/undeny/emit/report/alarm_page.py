"""The page of an alarm: what it counts, when it fires, and what it would have done."""

from collections.abc import Iterator, Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from undeny.emit.guard.alarm import AlarmCode
from undeny.emit.report import words
from undeny.guard.counting import DAYS
from undeny.guard.model import Alarm, Backtest, Choice
from undeny.guard.pattern import MOST

BASES = {
    "periods": "of {unit}s before the incident",
    "peaks": "of each day's highest {unit} before the incident",
    "weeks": "of each week's highest {unit} before the incident",
    "every": "",
}


def lines(code: AlarmCode, choice: Choice, notes: Sequence[str]) -> Iterator[Text | Padding]:
    """Give the page's lines: the first answers by itself."""
    good = choice.backtest is None or choice.backtest.good
    yield Text(f"alarm[{choice.alarm.kind}]: {code.watch.title}: {first(choice)}", style="bold" if good else "bold yellow")
    yield Text()
    yield Padding(_table(code, choice), (0, 0, 0, 2))
    yield Text()
    for note in dict.fromkeys(notes):
        yield Text(note, style="dim")
    yield Text("Nothing was made. As code (or cloudformation, boto3):", style="dim")


def first(choice: Choice) -> str:
    """Say in half a line what the alarm would have done."""
    told = choice.backtest
    if told is None:
        return "fires on any"
    if told.fired is None:
        return "no alarm on their number tells the incident from what is normal"
    many = "never" if not told.before else words.count(len(told.before), "time")
    return f"fires {_span(told.delay)} into the incident, {many} in the {told.days:g} days before"


def fires(alarm: Alarm) -> str:
    """Say when the alarm fires."""
    unit = unit_of(alarm.period)
    each = f"in {alarm.periods} periods of {unit} in a row" if alarm.periods > 1 else f"in {unit}"
    if alarm.kind == "anomaly":
        return f"more than expected {each}: above CloudWatch's band of {alarm.deviations} standard deviations"
    if alarm.basis == "every":
        return f"any {each}"
    return f"more than {alarm.threshold:g} {each}"


def tried(choice: Choice) -> Iterator[str]:
    """Say what the alarm would have done, whole."""
    told = choice.backtest
    if told is None:
        return
    yield f"tried on {told.days:g} days: {first(choice)}"
    if choice.alarm.kind == "anomaly":
        yield "AWS does not publish its model: it was tried with the mean of the same hour of other weeks in its place"


def unit_of(period: int) -> str:
    """Give a period in words.

    >>> unit_of(300), unit_of(3600)
    ('5 minutes', 'an hour')
    """
    return "an hour" if period == 3600 else f"{period // 60} minutes"


def _span(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return words.count(minutes, "minute") if minutes < 120 else f"{minutes / 60:.1f} hours"


def _table(code: AlarmCode, choice: Choice) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for name, said in _rows(code, choice):
        table.add_row(Text(name, style="dim"), Text(said))
    return table


def _rows(code: AlarmCode, choice: Choice) -> Iterator[tuple[str, str]]:
    for clause in code.watch.clauses:
        yield ("counts" if clause is code.watch.clauses[0] else "", _clause(clause.field, clause.operator, clause.values))
    yield ("fires", fires(choice.alarm))
    if choice.alarm.mean is not None:
        many = "one standard deviation" if choice.alarm.deviations == 1 else "two standard deviations"
        base = BASES[choice.alarm.basis].format(unit=unit_of(choice.alarm.period).removeprefix("an ").removesuffix("s"))
        yield ("normal", f"mean {choice.alarm.mean:g} plus {many} of {choice.alarm.deviation:g}, {base}")
    if choice.backtest is not None:
        yield from _backtest(choice.backtest, choice)
    if code.via == "logs":
        yield ("filter", f"{code.filter_pattern}  ({len(code.filter_pattern)} of {MOST:,} characters)")
        yield ("from", f"log group {code.log_group or '(name it with --log-group)'}, {code.region}")
    else:
        yield ("from", f"an EventBridge rule that also gets read calls, into log group {code.events_group}, {code.region}")


def _backtest(told: Backtest, choice: Choice) -> Iterator[tuple[str, str]]:
    fired = f"fires {words.when(told.fired)}" if told.fired else "does not fire"
    yield ("incident", f"began {words.when(told.start)}; {fired}")
    times = ", ".join(words.when(one) for one in told.before[:5])
    before = f"fires {words.count(len(told.before), 'time')}: {times}" if told.before else "does not fire"
    yield ("before", f"{before} ({told.counted:,} such calls in {told.days:g} days)")
    if told.days < DAYS - 1:
        yield ("", f"the trail goes back {told.days:g} days, not {DAYS}: what is normal is less sure")
    yield ("tried", words.count(choice.tried, "alarm") + "; this one fires least before the incident, then soonest in it")
    if choice.alarm.kind == "anomaly":
        yield ("", list(tried(choice))[-1])


def _clause(field: str, operator: str, values: Sequence[str]) -> str:
    if operator == "not exists":
        return f"{field} is not there (no AWS service called)"
    joint = " or " if operator == "=" else ", nor "
    return f"{field} {'is' if operator == '=' else 'is not'} {joint.join(values)}"
