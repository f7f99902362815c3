"""Show every time in the clinic's own zone."""

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.decorators import sync_and_async_middleware

Answer = Callable[[HttpRequest], HttpResponseBase]
LaterAnswer = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def ClinicTimeZone(get_response: Answer | LaterAnswer) -> Answer | LaterAnswer:
    """Times are stored in UTC and shown in the clinic's zone."""
    zone = ZoneInfo(settings.CLINIC_TIME_ZONE)

    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            with timezone.override(zone):
                return await get_response(request)  # type: ignore[no-any-return]

        return later

    def now(request: HttpRequest) -> HttpResponseBase:
        with timezone.override(zone):
            return get_response(request)  # type: ignore[return-value]

    return now
