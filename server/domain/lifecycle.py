"""The life of a matter (DESIGN §3), as one table of data, and its interpreter.

The table is the only definition: the server asks `refusal()` and `next_state()`,
`flask contract` writes `as_data()` to pwa/src/contract/lifecycle.json, and the phone's
buttons and optimistic states come from there. tests/contract/lifecycle_cases.json holds
every act × state × relation and is run by pytest and by vitest.

Who may act is said by *relations* of the actor to the matter, computed by
`access.relations()` and sent to the phone with each matter:
author (recorded it), cadre (has its village), handler (of its responsible unit),
coordinator or leader (its village lies in their area), township (author, cadre or coordinator, while
a unit of the village's own township is responsible), resident (holds the link, or was called back).
"""

from collections.abc import Set
from dataclasses import dataclass

STATES = {
    # code: (中文, still open?)
    "raised": ("待办", True),
    "assigned": ("已交办", True),
    "working": ("办理中", True),
    "returned": ("待协调", True),
    "reopened": ("重新办理", True),
    "resolved": ("已办结", False),
    "confirmed": ("群众已确认", False),
    "explained": ("已解释", False),
    "unachieved": ("尽力未成", False),
    "merged": ("已并入", False),
    "withdrawn": ("已撤回", False),
}

OPEN_STATES = frozenset(code for code, (_, is_open) in STATES.items() if is_open)
CLOSED_WITH_RESULT = frozenset({"resolved", "confirmed", "explained", "unachieved"})
VOID_STATES = frozenset({"merged", "withdrawn"})
"""Matters that count nowhere: they were a mistake, or are counted as another one."""


@dataclass(frozen=True)
class Act:
    """One row: in any of `sources`, one of `by` may do `act`; the matter is then in `target`
    (None: it stays where it was). `needs` and `takes` name the arguments that are
    required and optional beside the time. `until_answered`: no more once a resident has said what he thinks of it;
    the matter would count nowhere, and what he said with it."""

    act: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    until_answered: bool = False


PASSING = {"township": frozenset({"author", "cadre", "coordinator"})}
"""Relations that end when another unit becomes responsible, and who has them until then: whoever acted before
he heard of that was late, not wrong."""

_OPEN = ("raised", "assigned", "working", "returned", "reopened")
_SETTLED = ("resolved", "explained", "unachieved")
_WORKERS = ("author", "cadre", "handler", "coordinator")

TABLE: tuple[Act, ...] = (
    Act("resolve", "办结", _OPEN, "resolved", _WORKERS, needs=("text",), takes=("rating_code",)),
    Act("progress", "记进展", ("raised", "assigned", "working", "reopened"), "working", _WORKERS, needs=("text",)),
    Act("progress", "记进展", ("returned",), None, _WORKERS, needs=("text",)),
    Act("explain", "解释答复", _OPEN, "explained", _WORKERS, needs=("text",), takes=("rating_code",)),
    Act("invite", "请群众评价", ("resolved", "explained"), None, _WORKERS, needs=("rating_code",)),
    Act("unachieve", "尽力未成", _OPEN, "unachieved", _WORKERS, needs=("text",)),
    Act("accept", "受理", ("assigned",), "working", ("handler",), takes=("text",)),
    Act(
        "return",
        "退回",
        ("assigned", "working", "reopened"),
        "returned",
        ("handler",),
        needs=("reason", "text"),
    ),
    Act("escalate", "上报", _OPEN, "returned", ("township",), needs=("text",)),
    Act("assign", "交办", _OPEN, "assigned", ("coordinator",), needs=("unit_id",), takes=("text", "due_day")),
    Act("extend", "延期", _OPEN, None, ("coordinator",), needs=("due_day", "text")),
    Act("confirm", "群众确认", ("resolved", "reopened"), "confirmed", ("resident",), takes=("text",)),
    Act("confirm", "群众确认", ("explained", "confirmed"), None, ("resident",), takes=("text",)),
    Act(
        "reopen",
        "重新办理",
        _SETTLED,
        "reopened",
        ("resident", "leader", "coordinator", "author"),
        needs=("text",),
    ),
    Act("reopen", "重新办理", ("confirmed",), "reopened", ("resident", "leader"), needs=("text",)),
    Act(
        "correct",
        "更正",
        _OPEN + _SETTLED + ("confirmed",),
        None,
        ("author", "cadre", "coordinator"),
        needs=("changes",),
        takes=("text",),
    ),
    Act(
        "merge",
        "并入另一事项",
        _OPEN,
        "merged",
        ("coordinator",),
        needs=("into_id",),
        takes=("text",),
        until_answered=True,
    ),
    Act("withdraw", "撤回", _OPEN + _SETTLED, "withdrawn", ("author",), needs=("text",), until_answered=True),
)
"""`raise` is not a row: it makes the matter, in state `raised`. 现场办结 is `raise` and `resolve`
recorded together with the visit."""


def _rows(act: str) -> tuple[Act, ...]:
    return tuple(row for row in TABLE if row.act == act)


def ends_with_an_answer(act: str) -> bool:
    """True for an act that comes too late once a resident has answered."""
    return any(row.until_answered for row in _rows(act))


def refusal(act: str, state: str, relations: Set[str], *, answered: bool = False) -> str | None:
    """Say why `act` is refused: an error code, or None if it is allowed. `answered`: a resident has said what he thinks
    of the matter.

    `act_unknown`, `not_allowed` (nobody with these relations may ever do it: a wrong), or why it came too late (kept
    as a note, DESIGN §3): `state_forbids`, `resident_answered`.
    """
    rows = _rows(act)
    if not rows:
        return "act_unknown"
    mine = [row for row in rows if relations & set(row.by)]
    if not mine:
        had = {relation for relation, who in PASSING.items() if relations & who}
        return "state_forbids" if any(had & set(row.by) for row in rows) else "not_allowed"
    if not any(state in row.sources for row in mine):
        return "state_forbids"
    return "resident_answered" if answered and ends_with_an_answer(act) else None


def next_state(act: str, state: str) -> str:
    """The state after an allowed `act`; the same state where the row says so."""
    for row in _rows(act):
        if state in row.sources:
            return row.target or state
    raise ValueError(f"{act} is not possible in {state}")


def as_data() -> dict[str, object]:
    """The table as JSON-ready data, for the phone."""
    return {
        "states": {code: {"label": label, "open": is_open} for code, (label, is_open) in STATES.items()},
        "acts": [
            {
                "act": row.act,
                "label": row.label,
                "sources": row.sources,
                "target": row.target,
                "by": row.by,
                "needs": row.needs,
                "takes": row.takes,
                "until_answered": row.until_answered,
            }
            for row in TABLE
        ],
        "passing": {relation: sorted(who) for relation, who in PASSING.items()},
    }
