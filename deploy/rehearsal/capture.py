"""What leaves a host: every packet on its line, by the kernel's own tap (packet(7)); addresses only are kept."""

import contextlib
import ipaddress
import socket
import struct
import threading
from typing import Self

from deploy.rehearsal.namespaces import on

_IPV4, _IPV6 = 0x0800, 0x86DD
_EVERYTHING = 0x0003  # ETH_P_ALL


class Capture:
    """`with Capture(host) as capture:`; `sent` then maps each address to the packets that left for it."""

    def __init__(self, host: str) -> None:
        self.sent: dict[str, int] = {}
        with on(host):
            self._tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_EVERYTHING))
        self._tap.bind(("eth0", 0))
        self._tap.settimeout(0.1)
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()
        self._tap.close()

    def _read(self) -> None:
        while not self._ends.is_set():
            with contextlib.suppress(TimeoutError):
                packet, (_, _, kind, *_) = self._tap.recvfrom(128)
                if kind == socket.PACKET_OUTGOING and (address := destination(packet)):
                    self.sent[address] = self.sent.get(address, 0) + 1


def destination(packet: bytes) -> str:
    """Give the address that an Ethernet packet is for; empty where it is none of IP's, such as ARP."""
    (kind,) = struct.unpack_from("!H", packet, 12)
    if kind == _IPV4 and len(packet) >= 34:
        return str(ipaddress.IPv4Address(packet[30:34]))
    if kind == _IPV6 and len(packet) >= 54:
        return str(ipaddress.IPv6Address(packet[38:54]))
    return ""
