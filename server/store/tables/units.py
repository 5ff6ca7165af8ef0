"""Units (单位): who can be responsible for a matter."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.store.db import Row
from server.store.tables.areas import Area


class Unit(Row):
    """An organisation at an area. `is_home` marks a township's own government, which is
    responsible for what nobody was asked to do."""

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("area_code", "name"),
        Index(
            "ix_units_home", "area_code", unique=True, sqlite_where=text("is_home"), postgresql_where=text("is_home")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text())
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    is_home: Mapped[bool] = mapped_column(default=False)

    area: Mapped[Area] = relationship()
