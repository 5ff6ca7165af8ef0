"""Areas (区划): the divisions from province to village."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.words import LEVELS
from server.store.db import Row
from server.store.tables.columns import one_of


class Area(Row):
    """One division. `initials` are its name's pinyin initials, for search (`邓元泰镇` → `dytz`)."""

    __tablename__ = "areas"
    __table_args__ = (one_of("level", LEVELS),)

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(Text())
    level: Mapped[str] = mapped_column(String(16), index=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"), index=True)
    initials: Mapped[str] = mapped_column(Text())
