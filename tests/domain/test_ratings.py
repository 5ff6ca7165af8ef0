"""What a rating is about, and when it comes too late: without a database."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from server.domain.ratings import check_can_rate, is_overtaken, settlement_of
from server.domain.refusals import Refusal

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
SOMEBODY, NO_ID = uuid4(), UUID(int=0)


@dataclass(frozen=True)
class Entry:
    """An entry of a history; without an actor it is a resident's."""

    act: str
    actor_id: UUID | None = SOMEBODY
    refused_because: str | None = None
    id: UUID = NO_ID


@dataclass(frozen=True)
class Given:
    """A rating that was given before."""

    rated_at: datetime
    source: str = "link"
    counts: bool = True


def history(*entries: Entry) -> list[Entry]:
    return [Entry(one.act, one.actor_id, one.refused_because, UUID(int=place)) for place, one in enumerate(entries, 1)]


RAISED, RESOLVED, EXPLAINED = Entry("raise"), Entry("resolve"), Entry("explain")
REOPENED, TOOK_BACK, CONFIRMED = Entry("reopen"), Entry("reopen", None), Entry("confirm", None)


@pytest.mark.parametrize(
    ("entries", "place"),
    [
        ([RAISED], None),
        ([RAISED, RESOLVED], 2),
        ([RAISED, EXPLAINED, Entry("invite"), Entry("correct")], 2),
        ([RAISED, RESOLVED, Entry("resolve", refused_because="state_forbids")], 2),
        ([RAISED, RESOLVED, Entry("reopen", refused_because="state_forbids")], 2),
        ([RAISED, RESOLVED, REOPENED], None),
        ([RAISED, RESOLVED, REOPENED, EXPLAINED], 4),
        ([RAISED, RESOLVED, REOPENED, Entry("unachieve")], None),
        ([RAISED, RESOLVED, TOOK_BACK], 2),
        ([RAISED, RESOLVED, TOOK_BACK, Entry("progress")], 2),
        ([RAISED, RESOLVED, TOOK_BACK, RESOLVED], 4),
        ([RAISED, RESOLVED, TOOK_BACK, Entry("unachieve")], None),
        ([RAISED, RESOLVED, CONFIRMED, REOPENED], None),
    ],
)
def test_a_resident_is_asked_about_what_the_matter_stands_on(entries: list[Entry], place: int | None):
    assert settlement_of(history(*entries)) == (UUID(int=place) if place else None)


def why_not(
    state: str, entries: list[Entry], given: Given | None = None, source: str = "link", *, rated_here: bool = True
) -> str | None:
    try:
        check_can_rate(state, history(*entries), UUID(int=2), given, source, NOW, rated_here=rated_here)
    except Refusal as refusal:
        return refusal.code
    return None


def test_a_rating_is_taken_once_and_changed_for_seven_days_to_the_second():
    done = [RAISED, RESOLVED]
    assert why_not("resolved", done) is None
    assert why_not("resolved", done, Given(NOW - timedelta(days=7))) is None
    assert why_not("resolved", done, Given(NOW - timedelta(days=7, seconds=1))) == "rating_over"


def test_a_callback_never_changes_what_the_resident_said_himself():
    assert why_not("confirmed", [RAISED, RESOLVED, CONFIRMED], Given(NOW), "callback") == "already_rated"
    assert why_not("resolved", [RAISED, RESOLVED], None, "callback") is None


def test_a_callback_is_believed_rather_than_what_is_held_or_set_aside_and_may_be_anybodys():
    assert why_not("resolved", [RAISED, RESOLVED], Given(NOW, counts=False), "callback") is None


def test_a_link_alone_turns_nobodys_word_round():
    done = [RAISED, RESOLVED]
    assert why_not("reopened", [*done, TOOK_BACK], Given(NOW), rated_here=False) == "rated_elsewhere"
    for here in (True, False):
        assert why_not("reopened", [*done, TOOK_BACK], Given(NOW, "callback"), rated_here=here) == "already_rated"
    assert why_not("resolved", done, None, rated_here=False) is None


@pytest.mark.parametrize("state", ["merged", "withdrawn"])
def test_what_counts_nowhere_is_not_rated(state: str):
    assert why_not(state, [RAISED, RESOLVED]) == "link_not_found"


def test_what_is_open_again_or_was_settled_anew_is_not_rated_by_the_old_link():
    assert why_not("reopened", [RAISED, RESOLVED, REOPENED]) == "open_again"
    assert why_not("resolved", [RAISED, RESOLVED, REOPENED, RESOLVED]) == "open_again"
    assert why_not("reopened", [RAISED, RESOLVED, TOOK_BACK], Given(NOW)) is None


def test_a_released_rating_of_what_was_settled_anew_meanwhile_is_a_note():
    settled = history(RAISED, RESOLVED, REOPENED, RESOLVED)
    assert is_overtaken("confirm", "resolved", settled, settled[1])
    assert not is_overtaken("confirm", "resolved", settled, settled[3])


def test_only_what_was_resolved_is_closed_when_a_resident_takes_back_that_he_is_unsatisfied():
    for settlement, note in ((RESOLVED, False), (EXPLAINED, True)):
        entries = history(RAISED, settlement, TOOK_BACK)
        assert is_overtaken("confirm", "reopened", entries, entries[1]) is note
