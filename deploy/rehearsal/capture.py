"""What leaves a host: every packet on its line, by the kernel's own tap (packet(7)); addresses only are kept.

A tap whose reader is late loses packets, and then nothing that it has not seen is proved: how many, it says itself.
"""

import ctypes
import ipaddress
import socket
import struct
import threading
from typing import Self

from deploy.rehearsal.namespaces import on

_IPV4, _IPV6 = 0x0800, 0x86DD
_EVERYTHING = 0x0003  # ETH_P_ALL
_SO_ATTACH_FILTER, _SOL_PACKET, _PACKET_STATISTICS = 26, 263, 6
_HELD = 4 * 2**20
"""Bytes that the kernel is asked to hold for a late reader; it gives what the machine's net.core.rmem_max allows."""
_OUTGOING = (  # classic BPF (linux/filter.h): load SKF_AD_PKTTYPE, go on if it is PACKET_OUTGOING, keep 128 bytes
    (0x30, 0, 0, 0xFFFFF004),
    (0x15, 0, 1, socket.PACKET_OUTGOING),
    (0x06, 0, 0, 128),
    (0x06, 0, 0, 0),
)


class Capture:
    """`with Capture(host) as capture:`; `sent` then maps each address to the packets that left for it.

    `lost`: packets that left and were not looked at.
    """

    def __init__(self, host: str) -> None:
        self.sent: dict[str, int] = {}
        self.lost = 0
        with on(host):
            self._tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_EVERYTHING))
        _only_outgoing(self._tap)  # what comes in, whole downloads, would fill what the kernel holds for us
        self._tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _HELD)
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
        _seen, self.lost = struct.unpack("II", self._tap.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))
        self._tap.close()

    def _read(self) -> None:
        while True:
            ended = self._ends.is_set()  # before the look: what had left by then is still read
            if ended:
                self._tap.setblocking(False)
            try:
                packet = self._tap.recv(128)
            except (TimeoutError, BlockingIOError):
                if ended:
                    return
                continue
            if address := destination(packet):
                self.sent[address] = self.sent.get(address, 0) + 1


def _only_outgoing(tap: socket.socket) -> None:
    """Have the kernel hand over what leaves, and no more of it than its head."""
    program = b"".join(struct.pack("HBBI", *step) for step in _OUTGOING)
    held = ctypes.create_string_buffer(program, len(program))
    tap.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HP", len(_OUTGOING), ctypes.addressof(held)))


def destination(packet: bytes) -> str:
    """Give the address that an Ethernet packet is for; empty where it is none of IP's, such as ARP."""
    (kind,) = struct.unpack_from("!H", packet, 12)
    if kind == _IPV4 and len(packet) >= 34:
        return str(ipaddress.IPv4Address(packet[30:34]))
    if kind == _IPV6 and len(packet) >= 54:
        return str(ipaddress.IPv6Address(packet[38:54]))
    return ""
