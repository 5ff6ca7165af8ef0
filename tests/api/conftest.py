"""Who calls the API: tests/api/people.py."""

from tests.api.people import app_without_data, contract, nobody, sign_in

__all__ = ["app_without_data", "contract", "nobody", "sign_in"]
