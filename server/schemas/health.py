"""The server's health on the wire."""

from server.schemas.base import Schema
from server.schemas.fields import Choice


class HealthSchema(Schema):
    """The server and its database answer."""

    status = Choice(("ok",), required=True)
