"""Fields with the product's limits; each complains with a code of domain/refusals.py."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apiflask import fields
from marshmallow import ValidationError, validate

from server.domain.text import is_blank, is_phone, refusal_of_text
from server.domain.words import LIMITS, PHONE_PATTERN

_REQUIRED = {"required": "field_required", "null": "field_required"}
_FURTHEST_OFFSET = timedelta(hours=15)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Python's own parsers take more: a NUL at the end, one digit for two, digits of other scripts."""


def messages(invalid: str = "invalid", **more: str) -> dict[str, Any]:
    """What a field complains with, for `error_messages`: codes, also where it is missing."""
    return {**_REQUIRED, "invalid": invalid, **more}


class Text(fields.String):
    """Trimmed text of limited length without invisible characters, by its kind in LIMITS. Empty is None where
    None is allowed."""

    def __init__(self, kind: str, more: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self._kind = kind
        smallest = 1 if kwargs.get("required") else 0
        kwargs.setdefault("error_messages", messages(invalid_utf8="text_bad_character"))
        super().__init__(metadata={"minLength": smallest, "maxLength": LIMITS[kind], **(more or {})}, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if code := refusal_of_text(text, self._kind):
            raise ValidationError(code)
        if not is_blank(text):
            return text
        if self.required:
            raise ValidationError("field_required")
        return None


class Phone(Text):
    """A telephone number as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("resident_phone", {"pattern": PHONE_PATTERN}, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not is_phone(text):
            raise ValidationError("phone_invalid")
        return text


class Password(fields.String):
    """A password, to the letter."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", messages())
        longest = validate.Length(1, LIMITS["password_max"], error="wrong_password")
        super().__init__(validate=longest, load_only=True, **kwargs)


class Id(fields.UUID):
    """A UUID in its canonical form: lower case, with dashes. Python would take braces and upper case
    too, and the phone would not find its own record again under the id that comes back."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", messages("id_invalid", invalid_uuid="id_invalid"))
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> UUID:
        made: UUID = super()._deserialize(value, attr, data, **kwargs)
        if str(made) != value:
            raise ValidationError("id_invalid")
        return made


class NewId(Id):
    """The id of something new: UUIDv7, made on the phone."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> UUID:
        made: UUID = super()._deserialize(value, attr, data, **kwargs)
        if made.version != 7:
            raise ValidationError("id_invalid")
        return made


class ClaimedTime(fields.AwareDateTime):
    """ISO 8601 with the offset that the person's clock claimed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", messages("time_invalid", invalid_awareness="time_invalid"))
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            raise ValidationError("time_invalid")
        moment: datetime = super()._deserialize(value, attr, data, **kwargs)
        offset = moment.utcoffset()
        # The first and last day of the calendar cannot be brought to UTC.
        if offset is None or abs(offset) > _FURTHEST_OFFSET or not 1 < moment.year < 9999:
            raise ValidationError("time_invalid")
        return moment


class Day(fields.Date):
    """A day in Asia/Shanghai, YYYY-MM-DD, of this or the last century."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", messages("day_invalid"))
        super().__init__(format="%Y-%m-%d", **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValidationError("day_invalid")
        day = super()._deserialize(value, attr, data, **kwargs)
        if not 1900 <= day.year <= 2200:
            raise ValidationError("day_invalid")
        return day


class RatingCode(fields.String):
    """The secret of a rating link, made on the phone: 128 random bits in base64url."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", messages())
        super().__init__(validate=validate.Regexp(r"^[A-Za-z0-9_-]{22}\Z", error="invalid"), **kwargs)


class Choice(fields.String):
    """One of the product's words."""

    def __init__(self, choices: Iterable[str], **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", messages("choice_invalid"))
        super().__init__(validate=validate.OneOf(tuple(choices), error="choice_invalid"), **kwargs)


class Code(fields.String):
    """A 12-digit division code."""

    def __init__(self, refusal: str, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", messages(refusal))
        super().__init__(validate=validate.Regexp(r"^[0-9]{12}\Z", error=refusal), **kwargs)


class Whole(fields.Integer):
    """A whole number that fits a 64-bit column."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", messages())
        super().__init__(strict=True, validate=validate.Range(0, 2**53, error="invalid"), **kwargs)


class Part(fields.Nested):
    """An object inside another."""

    def __init__(self, schema: Any, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", messages())
        super().__init__(schema, **kwargs)


class Many(fields.List[Any]):
    """A list of limited length."""

    def __init__(self, inner: Any, limit: str, code: str = "invalid", **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", messages())
        smallest = 1 if kwargs.pop("at_least_one", False) else 0
        super().__init__(inner, validate=validate.Length(smallest, LIMITS[limit], error=code), **kwargs)
