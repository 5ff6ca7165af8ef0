"""The line between one phone and the server: a TCP relay that can be cut, and can lose answers.

Chromium's offline emulation does not reach the service worker's own requests, so a phone
that must really be offline goes through here.
"""

import socket
import threading
from contextlib import suppress
from typing import Literal

State = Literal["open", "cut", "answers_lost"]


class Line:
    """Relays 127.0.0.1:`port` to the server's port until it is cut."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._state: State = "open"
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where the phone finds the server."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Every connection breaks, and every new one breaks at once."""
        self._turn("cut")

    def lose_answers(self) -> None:
        """Requests still arrive, but each connection breaks in place of the server's answer."""
        self._turn("answers_lost")

    def mend(self) -> None:
        """The line carries both ways again."""
        self._turn("open")

    def close(self) -> None:
        """End the relay for good."""
        self._listener.close()
        self._turn("cut")

    def _turn(self, state: State) -> None:
        with self._lock:
            self._state = state
            broken, self._sockets = self._sockets, set()
        for each in broken:
            _break(each)

    def _accept(self) -> None:
        while True:
            try:
                phone, _ = self._listener.accept()
            except OSError:
                return  # close() was called.
            threading.Thread(target=self._relay, args=(phone,), daemon=True).start()

    def _relay(self, phone: socket.socket) -> None:
        server: socket.socket | None = None
        with suppress(OSError):
            if self._state != "cut":
                server = socket.create_connection(("127.0.0.1", self._server_port), timeout=10)
                server.settimeout(None)
        with self._lock:
            if server is not None and self._state != "cut":
                self._sockets |= {phone, server}
            else:
                _break(phone)
                return
        threading.Thread(target=self._pump, args=(server, phone, True), daemon=True).start()
        self._pump(phone, server, False)

    def _pump(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if is_answer and self._state == "answers_lost":
                    break
                target.sendall(data)
        with self._lock:
            self._sockets -= {source, target}
        _break(source)
        _break(target)


def _break(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
