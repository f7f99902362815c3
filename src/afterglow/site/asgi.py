"""The door for uvicorn: `uvicorn afterglow.site.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afterglow.site.settings")
application = get_asgi_application()
