"""Who calls the API (people.py), and about what (who_sees.py)."""

from tests.api.histories import told, told_app
from tests.api.lost_phone import coordinator, lost
from tests.api.people import app_without_data, contract, nobody, sign_in
from tests.api.who_sees import matter_id

__all__ = ["app_without_data", "contract", "coordinator", "lost", "matter_id", "nobody", "sign_in", "told", "told_app"]
