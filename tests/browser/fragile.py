"""A line between browser and server that breaks when a test says so."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_PIECE = 64 * 1024


class FragileLine:
    """Passes bytes on both ways at an address of its own, breaking connections from `break_after` until `mend`.

    `breaks` counts how often it broke.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self.breaks = 0
        self._target = target
        self._most: int | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def break_after(self, size: int) -> None:
        """Break every connection that has carried more than `size` bytes towards the server.

        One break would not do: a browser sends a request again by itself where a connection it used before breaks.
        """
        self._most = size

    def mend(self) -> None:
        self._most = None

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                browser, _address = self._listener.accept()
                threading.Thread(target=self._carry, args=(browser,), daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        """Carry one connection until either side ends it, or it breaks."""
        with browser, socket.create_connection(self._target) as server:
            down = threading.Thread(target=self._pass_down, args=(server, browser), daemon=True)
            down.start()
            if self._pass_up(browser, server):
                self.breaks += 1
                # Closed with nothing lingering, a connection is reset: what a sender notices at once.
                browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            down.join()

    def _pass_up(self, browser: socket.socket, server: socket.socket) -> bool:
        """Return whether the connection is to break; else one side ended it."""
        carried = 0
        with suppress(OSError):
            while piece := browser.recv(_PIECE):
                carried += len(piece)
                if self._most is not None and carried > self._most:
                    return True
                server.sendall(piece)
        return False

    def _pass_down(self, server: socket.socket, browser: socket.socket) -> None:
        with suppress(OSError):
            while piece := server.recv(_PIECE):
                browser.sendall(piece)
            browser.shutdown(socket.SHUT_WR)


@contextmanager
def fragile_line(url: str) -> Iterator[FragileLine]:
    """Yield a line to the server at `url`."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    line = FragileLine((parts.hostname, parts.port))
    yield line
    line.close()
