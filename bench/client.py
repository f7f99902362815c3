"""A signed-in reader of pages over one connection that stays open, like a browser's."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(slots=True)
class Client:
    """Sends what it was given to keep, and nothing else."""

    site: str
    cookies: dict[str, str] = field(default_factory=dict)
    _line: HTTPConnection | None = None

    def sign_in(self, link: str) -> None:
        """Use a one-time link as a person does: open it, then press the button."""
        _, page = self.get(link)
        token = TOKEN.search(page)
        assert token, page
        self._send("POST", link, urlencode({"csrfmiddlewaretoken": token[1]}))
        assert "sessionid" in self.cookies, "The link did not sign in."

    def get(self, path: str) -> tuple[float, str]:
        """How long the whole answer took, in ms, and what it said. Anything but 200 fails."""
        began = time.perf_counter()
        answer, body = self._send("GET", path, "")
        took_ms = (time.perf_counter() - began) * 1000
        assert answer.status == 200, f"{path} answered {answer.status}"
        return took_ms, body

    def _send(self, method: str, path: str, body: str) -> tuple[HTTPResponse, str]:
        self._line = self._line or HTTPConnection(urlsplit(self.site).netloc, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        self._line.request(method, path, body or None, headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(header).items()}
        return answer, text
