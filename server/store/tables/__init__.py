"""The tables, a file per noun. Importing this package makes them all known to migrations."""

from server.store.tables.areas import Area
from server.store.tables.keys import ResidentKey
from server.store.tables.matters import Event, Matter
from server.store.tables.sessions import UserSession
from server.store.tables.sync import Change, Mutation, Scope
from server.store.tables.units import Unit
from server.store.tables.users import Device, Grant, SignInFailure, User
from server.store.tables.visits import Visit

__all__ = [
    "Area",
    "Change",
    "Device",
    "Event",
    "Grant",
    "Matter",
    "Mutation",
    "ResidentKey",
    "Scope",
    "SignInFailure",
    "Unit",
    "User",
    "UserSession",
    "Visit",
]
