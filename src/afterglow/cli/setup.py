"""Bring Django up for a command that needs the record."""

import os
import sys


def clinic() -> None:
    """Load settings and models; say in words which setting is missing, and stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afterglow.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        print(f"{error} `make demo` sets everything for a demonstration.", file=sys.stderr)
        raise SystemExit(2) from error
