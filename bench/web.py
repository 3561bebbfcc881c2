"""A browser of one connection: cookies, log-in, addresses. And how much a server can answer at once."""

import http.client
import re
import threading
import time
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode


def status(port: int, path: str) -> int:
    """The status of one GET; 0 when nobody answers."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
    except (OSError, http.client.HTTPException):
        return 0
    return answer.status


class Browser:
    """One keep-alive connection with its cookies."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.cookies = dict(cookies or {})
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of one request."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for line in answer.msg.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, text

    def get(self, path: str) -> str:
        """The page at an address. Raises ValueError unless it is there."""
        code, text = self.ask("GET", path)
        if code != 200:
            raise ValueError(f"{path}: {code}")
        return text

    def login(self, name: str, password: str) -> None:
        """Log in through the page, as a person does. Raises ValueError when refused."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/login/"))
        form = {"csrfmiddlewaretoken": token[1] if token else "", "username": name, "password": password}
        code, _text = self.ask("POST", "/login/", form)
        if code not in (302, 303):
            raise ValueError(f"log-in of {name}: {code}")

    def times(self, path: str, count: int) -> list[float]:
        """Milliseconds of so many requests, one after the other."""
        found = []
        for _ in range(count):
            begin = time.perf_counter()
            self.get(path)
            found.append((time.perf_counter() - begin) * 1000)
        return found


def at_once(browser: Browser, path: str, *, clients: int = 8, each: int = 40) -> float:
    """Requests a second of several connections at once. The clients share the machine with the server."""
    threads = [
        threading.Thread(target=Browser(browser.port, browser.cookies).times, args=(path, each)) for _ in range(clients)
    ]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return clients * each / (time.perf_counter() - begin)


def address(path: str, **query: str) -> str:
    """An address with a query."""
    return f"{path}?{urlencode(query, quote_via=quote)}"
