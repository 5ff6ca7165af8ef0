"""By which names a resident is looked for."""

from flask import Flask

from server.domain.anonymous import Called
from server.store.db import writing
from server.store.residents import ever_called
from tests.store.records import new_event, new_matter


def renamed(field: str, before: str | None, after: str | None) -> dict[str, str | None]:
    return {"field": field, "before": before, "after": after}


def test_a_resident_is_looked_for_by_what_he_is_called_was_called_and_was_to_be_called(app: Flask):
    with app.app_context(), writing() as session:
        matter, other = new_matter(session, resident_name="龙桂芳"), new_matter(session)
        session.add_all([matter, other])
        session.flush()
        name = [renamed("resident_name", "龙桂香", "龙桂芳"), renamed("title", "灯不亮", "路灯不亮")]
        phone = [renamed("resident_phone", "13907390001", None)]
        late = [renamed("resident_name", "龙桂芳", "欧阳桂芳")]
        for position, (changes, why) in enumerate([(name, None), (phone, None), (late, "no_longer_yours")], start=1):
            session.add(
                new_event(session, matter.id, position=position, act="correct", changes=changes, refused_because=why)
            )
        session.flush()
        found = ever_called(session, [matter, other])
        assert set(found[matter.id]) == {
            Called("龙桂芳", None), Called("龙桂香", None), Called("欧阳桂芳", None), Called(None, "13907390001"),
        }  # fmt: skip
        assert found[other.id] == [Called(None, None)]
