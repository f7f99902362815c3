"""What all tests share."""

import pytest
from hypothesis import settings

# A busy two-core machine is slow, not wrong.
settings.register_profile("afterglow", deadline=None, max_examples=40)
settings.load_profile("afterglow")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """Let the tests' own database be emptied between tests.

    Tests that need real transactions clean up with TRUNCATE, which the record refuses. The guard
    itself is proved in tests/clinic/record.
    """
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'record_refuse_truncate'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER record_refuse_truncate ON {table}")
