"""A client that begins requests by the clock, whether or not those before are answered (open loop).

It runs as a process of its own, `python -m bench.driver PORT FILE`: each line of the file is a request and
the second in which it is due. A wait counts from that moment: a server that falls behind cannot hide it.
"""

import asyncio
import json
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

AT_ONCE = 500
"""So many requests at most are under way; those that are due meanwhile wait, and their waiting counts."""
PATIENCE = 30.0


@dataclass
class Connections:
    """Kept connections to one server: a request takes one that is idle, or opens one."""

    port: int
    host: str = "127.0.0.1"
    idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=deque)
    opened: int = 0

    async def ask(self, request: bytes) -> int:
        """Send a request, read the whole answer, and return its status.

        Where the server closed a connection while it was idle, another is taken, as browsers do.
        """
        while self.idle:
            try:
                return await self._ask(*self.idle.popleft(), request)
            except ConnectionError:
                continue
            except asyncio.IncompleteReadError as fault:
                if fault.partial:
                    raise
        self.opened += 1
        return await self._ask(*await asyncio.open_connection(self.host, self.port), request)

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
        kept = False
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            lower = head.lower()
            if b"content-length:" in lower:
                await reader.readexactly(int(lower.split(b"content-length:")[1].split(b"\r\n")[0]))
            elif b"transfer-encoding: chunked" in lower:
                while size := int(await reader.readuntil(b"\r\n"), 16):
                    await reader.readexactly(size + 2)
                await reader.readexactly(2)
            kept = b"connection: close" not in lower and head.startswith(b"HTTP/1.1")
            return int(head[9:12])
        finally:
            if kept:
                self.idle.append((reader, writer))
            else:
                writer.close()

    async def close(self) -> None:
        """Close what is idle."""
        for _reader, writer in self.idle:
            writer.close()
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Request:
    """What is sent when, in the seconds after the start."""

    due: float
    name: str
    raw: bytes


def read(file: Path, port: int) -> list[Request]:
    """Read what is to be sent."""
    return [_request(json.loads(line), port) for line in file.read_text("utf-8").splitlines()]


def _request(line: dict[str, str], port: int) -> Request:
    body = line.get("body", "").encode()
    form = (
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if body else ""
    )
    head = f"{'POST' if body else 'GET'} {line['path']} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{form}"
    return Request(
        float(line["due"]), line["name"], f"{head}Cookie: {line['cookie']}\r\n\r\n".encode() + body
    )


async def play(requests: list[Request], port: int, host: str = "127.0.0.1") -> list[dict[str, object]]:
    """Send each when it is due; tell of each its name, status (0: no answer), wait and lateness in s."""
    connections, room = Connections(port, host), asyncio.Semaphore(AT_ONCE)
    answers: list[dict[str, object]] = []
    begun = time.perf_counter()

    async def send(request: Request) -> None:
        async with room:
            late = time.perf_counter() - begun - request.due
            try:
                status = await asyncio.wait_for(connections.ask(request.raw), PATIENCE)
            except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
                status = 0
        wait = time.perf_counter() - begun - request.due
        answers.append(
            {"name": request.name, "status": status, "wait": wait, "late": late, "due": request.due}
        )

    async with asyncio.TaskGroup() as tasks:
        for request in requests:
            await asyncio.sleep(max(0.0, request.due - (time.perf_counter() - begun)))
            tasks.create_task(send(request))
    await connections.close()
    return answers


if __name__ == "__main__":
    to = int(sys.argv[1])
    found = asyncio.run(play(read(Path(sys.argv[2]), to), to))
    print(json.dumps({"cpu": time.process_time(), "answers": found}))
