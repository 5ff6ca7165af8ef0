"""The line between one phone and the server: a TCP relay that can be cut, stall, be slow, tear what it carries in the
middle and lose answers.

Chromium's offline emulation does not reach the service worker's own requests, so a phone
that must really be offline goes through here.
"""

import random
import re
import socket
import threading
import time
from contextlib import suppress
from typing import Literal

State = Literal["open", "cut", "answers_lost", "receipts_torn", "pushes_torn", "stalled"]

_PUSH = re.compile(rb"^POST /api/sync/push .*?\r\ncontent-length: *([0-9]+).*?\r\n\r\n", re.IGNORECASE | re.DOTALL)
_BEGINS = b"POST /api/sync/push "
_SEGMENT = 1400
_LOST_S = 0.2
"""What is lost is sent again after so long, and after twice as long each time that it is lost again."""


class _Slowness:
    """So many bits in a second each way, for all connections together; a share of the segments is lost and late."""

    def __init__(self, kbit_per_s: int, loss: float, seed: int) -> None:
        self._per_s = kbit_per_s * 1000 / 8
        self._loss = loss
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._free_at = {True: 0.0, False: 0.0}

    def wait(self, size: int, is_answer: bool) -> None:
        """Return when a segment of this size has arrived."""
        with self._lock:
            late, again = 0.0, _LOST_S
            while self._chance.random() < self._loss:
                late, again = late + again, again * 2
            begin = max(time.monotonic(), self._free_at[is_answer])
            self._free_at[is_answer] = begin + size / self._per_s
            arrives = self._free_at[is_answer] + late
        time.sleep(max(0.0, arrives - time.monotonic()))


class Line:
    """Relays 127.0.0.1:`port` to the server's port until it is cut."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._state: State = "open"
        self._slowness: _Slowness | None = None
        self.torn = 0
        """How many pushes, answers or connections were broken or held up by what was asked for here."""
        self._lock = threading.Lock()
        self._pushed: set[socket.socket] = set()  # the connections that have carried a push to the server
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

    def tear_pushes(self) -> None:
        """Each push breaks in the middle of its body."""
        self._turn("pushes_torn")

    def tear_receipts(self) -> None:
        """Each push arrives whole, and its answer breaks in the middle; all else gets through."""
        self._turn("receipts_torn")

    def stall(self) -> None:
        """Connections are taken and stay open, and nothing gets through."""
        self._turn("stalled")

    def slow(self, kbit_per_s: int, loss: float, seed: int = 1) -> None:
        """The line carries so much each way, and of that a share (0.2: a fifth) only when it is sent again."""
        self._slowness = _Slowness(kbit_per_s, loss, seed)
        self._turn("open")

    def mend(self) -> None:
        """The line carries both ways again, as fast as it can."""
        self._slowness = None
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
                # A push is carried as one: a browser may send it in pieces.
                while not is_answer and _goes_on(data):
                    if not (rest := source.recv(65536)):
                        break
                    data += rest
                if not self._carry(data, source, target, is_answer):
                    break
        with self._lock:
            self._sockets -= {source, target}
            self._pushed -= {source, target}
        _break(source)
        _break(target)

    def _carry(self, data: bytes, source: socket.socket, target: socket.socket, is_answer: bool) -> bool:
        """Let it through, or as much of it as gets through; False if the connection breaks by it."""
        state, whole = self._state, len(data)
        if state == "stalled" or (is_answer and state == "answers_lost"):
            whole = 0
        elif is_answer and state == "receipts_torn" and source in self._pushed:
            whole //= 2
        elif not is_answer and (push := _PUSH.match(data)):
            self._pushed.add(target)
            if state == "pushes_torn":
                whole = push.end() + int(push[1]) // 2
        for start in range(0, min(whole, len(data)), _SEGMENT):
            segment = data[start : min(start + _SEGMENT, whole)]
            if slowness := self._slowness:
                slowness.wait(len(segment), is_answer)
            target.sendall(segment)
        if whole >= len(data):
            return True
        self.torn += 1
        while state == "stalled" and self._state == "stalled":
            time.sleep(0.02)  # `_turn` breaks it then
        return False


def _goes_on(data: bytes) -> bool:
    """True for a push of which this is not all."""
    push = _PUSH.match(data)
    return len(data) < push.end() + int(push[1]) if push else data.startswith(_BEGINS) and b"\r\n\r\n" not in data


def _break(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
