"""Who syncs: tests/api/people.py."""

from tests.api.people import contract, nobody, sign_in

__all__ = ["contract", "nobody", "sign_in"]
