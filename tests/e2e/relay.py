"""Between browser and server: passes bytes on and knows which event streams are open."""

from __future__ import annotations

import re
import socket
import threading

_GET = re.compile(rb"^GET (\S+) HTTP/1.1\r\n")


class Relay:
    """A TCP relay to a port of this machine; `streams` are the open requests for events."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._newest: dict[socket.socket, str] = {}  # the newest request of each connection
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def streams(self) -> list[str]:
        """The addresses of the event streams that are open now."""
        return [path for path in list(self._newest.values()) if re.match("/api/.*events", path)]

    def close(self) -> None:
        """Accept no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._to))
            except OSError:  # the server is away
                browser.close()
                continue
            for ends in ((browser, server), (server, browser)):
                threading.Thread(target=self._pass_on, args=(*ends, browser), daemon=True).start()

    def _pass_on(self, source: socket.socket, to: socket.socket, browser: socket.socket) -> None:
        try:
            while content := source.recv(65536):
                if source is browser and (request := _GET.match(content)):
                    self._newest[browser] = request[1].decode()
                to.sendall(content)
        except OSError:
            pass
        self._newest.pop(browser, None)
        for end in (source, to):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
