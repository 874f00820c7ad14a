"""Where a site listens: tried before anything is started."""

import errno
import socket

from parvis.cli.context import Trouble


def check_address(host: str, port: int, *, remedy: str) -> None:
    """Raise Trouble, in a sentence with the remedy, where nothing can listen."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "another program listens there; stop it" if taken else f"{error.strerror or error}"
        raise Trouble(f"cannot listen on {host}, port {port}: {why}, or choose another: {remedy}") from error
