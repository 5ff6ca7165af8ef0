"""The tables, a file per noun. Importing this package makes them all known to migrations."""

from server.store.tables.areas import Area
from server.store.tables.callbacks import Callback, CallbackDraw
from server.store.tables.cases import Case
from server.store.tables.keys import ResidentKey
from server.store.tables.matters import Event, Matter
from server.store.tables.phones import HandedIn, UserKey
from server.store.tables.ratings import Rating, RatingLink
from server.store.tables.responsibilities import Responsibility
from server.store.tables.sessions import UserSession
from server.store.tables.sync import Change, Mutation, ReadyMatter, Scope
from server.store.tables.tallies import LateChange, Leg, TallyCell, TallyDelta
from server.store.tables.units import Unit
from server.store.tables.users import Device, Grant, SignInFailure, User
from server.store.tables.visits import Visit

__all__ = [
    "Area",
    "Callback",
    "CallbackDraw",
    "Case",
    "Change",
    "Device",
    "Event",
    "Grant",
    "HandedIn",
    "LateChange",
    "Leg",
    "Matter",
    "Mutation",
    "Rating",
    "RatingLink",
    "ReadyMatter",
    "ResidentKey",
    "Responsibility",
    "Scope",
    "SignInFailure",
    "TallyCell",
    "TallyDelta",
    "Unit",
    "User",
    "UserKey",
    "UserSession",
    "Visit",
]
