"""A double of SQL Server on the wire: as much of TDS 7.4 as Microsoft's ODBC driver wants, to see what the two Python
drivers really send, and what they make of a server's faults. It understands no SQL: it writes down what it hears, and
answers with what the test has given it ([MS-TDS], https://learn.microsoft.com/openspecs/windows_protocols/ms-tds).

It runs in a process of its own: pyodbc waits for some answers without letting other threads run.
"""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final

Answer = Mapping[str, Any]
"""{"rows": [[text, …], …]}, with "names" of the columns where they matter, {"fault": [number, text]}, or {"ends": True},
which is a server that is stopped."""

_COLLATION: Final = bytes([0x09, 0x04, 0xD0, 0x00, 0x34])
_PROCEDURES: Final = {10: "sp_executesql", 11: "sp_prepare", 12: "sp_execute", 13: "sp_prepexec", 15: "sp_unprepare"}
_TYPES: Final = {
    "uniqueidentifier": b"\x24\x10", "datetime2": b"\x2a\x07", "datetimeoffset": b"\x2b\x07", "date": b"\x28", "time": b"\x29\x07",
    "decimal": b"\x6a\x11\x12\x02", "money": b"\x6e\x08",
}  # fmt: skip
"""How a column of such a type is announced; a DECIMAL is one of (18, 2)."""
_ASSEMBLY: Final = "Microsoft.SqlServer.Types.SqlHierarchyId, Microsoft.SqlServer.Types"
_STARTING: Final[dict[str, Answer]] = {
    "@@version": {"rows": [["Microsoft SQL Server 2012 - 11.0.3000.0 (X64)"]]},
    "SERVERPROPERTY": {"rows": [["11.0.3000.0"]]},
    "schema_name()": {"rows": [["dbo"]]},
    "sys.system_views": {"rows": [["dm_exec_sessions"]]},
    "transaction_isolation_level": {"rows": [["READ COMMITTED"]]},
    "test max support": {"rows": [["test max support"]]},
    "fn_listextendedproperty": {"rows": []},
}
"""What SQLAlchemy asks of each server first."""


class TdsServer:
    """The test's side: `answers` leads from words in a statement to what is said to it."""

    def __init__(self, folder: Path, answers: Mapping[str, Answer]) -> None:
        self._log = folder / "heard.jsonl"
        self._read = 0
        command = [sys.executable, __file__, str(self._log), json.dumps({**_STARTING, **answers})]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def heard(self) -> list[tuple[str, Any]]:
        """What has come since the last time: ('batch', text), ('transaction', 'begin' …), (procedure, parameters)."""
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        new, self._read = lines[self._read :], len(lines)
        return [(kind, what) for kind, what in map(json.loads, new)]

    def __enter__(self) -> TdsServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()


# -------------------------------------------------------------------------------------------------- tokens


def _short(text: str) -> bytes:
    return bytes([len(text)]) + text.encode("utf-16le")


def _sized(token: int, body: bytes) -> bytes:
    return bytes([token]) + struct.pack("<H", len(body)) + body


def _done(status: int = 0, count: int = 0, token: int = 0xFD) -> bytes:
    return struct.pack("<BHHQ", token, status, 0xC1, count)


def _fault(number: int, text: str) -> bytes:
    body = struct.pack("<IBBH", number, 1, 16, len(text)) + text.encode("utf-16le")
    return _sized(0xAA, body + _short("double") + _short("") + struct.pack("<I", 1))


def _cell(value: Any) -> tuple[bytes, bytes]:
    """(type, value) of a whole number, a text, or {type: its bytes in hexadecimal}."""
    match value:
        case bool():
            return b"\x68\x01", bytes([1, value])
        case int():
            return b"\x26\x08", b"\x08" + struct.pack("<q", value)
        case {"hierarchyid": raw}:
            data = bytes.fromhex(raw)
            kind = b"\xf0" + struct.pack("<H", 892) + _short("d") + _short("sys") + _short("hierarchyid")
            kind += struct.pack("<H", len(_ASSEMBLY)) + _ASSEMBLY.encode("utf-16le")
            return kind, struct.pack("<QI", len(data), len(data)) + data + bytes(4)
        case dict():
            ((kind, raw),) = value.items()
            data = bytes.fromhex(raw)
            return _TYPES[kind], bytes([len(data)]) + data
        case _:
            data = str(value).encode("utf-16le")
            return b"\xe7" + struct.pack("<H", 8000) + _COLLATION, struct.pack("<H", len(data)) + data


def _table(rows: list[list[Any]], names: list[str] | None = None) -> bytes:
    """Rows whose columns have the types of the first row; None is a text that is not there."""
    first = rows[0] if rows else [""]
    said = b"\x81" + struct.pack("<H", len(first))
    for value, name in zip(first, names or [f"c{place}" for place in range(len(first))], strict=True):
        said += struct.pack("<IH", 0, 1) + _cell(value)[0] + _short(name)
    for row in rows:
        said += b"\xd1" + b"".join(b"\xff\xff" if value is None else _cell(value)[1] for value in row)
    return said


def _answer(answers: Mapping[str, Answer], statement: str, token: int) -> bytes:
    """By the longest words that stand in the statement; a question without an answer has no rows."""
    nothing: Answer = {"rows": []} if statement.lstrip().upper().startswith("SELECT") else {}
    found = max(((len(words), words) for words in answers if words in statement), default=None)
    answer = answers[found[1]] if found is not None else nothing
    if answer.get("ends"):
        raise EOFError
    if "fault" in answer:
        return _fault(*answer["fault"]) + _done(2, token=token)
    if "rows" not in answer:
        return _done(token=token)
    return _table(answer["rows"], answer.get("names")) + _done(0x10, len(answer["rows"]), token)


# -------------------------------------------------------------------------------------------------- a client


class _Client:
    def __init__(self, link: socket.socket, hear: Any, answers: Mapping[str, Answer]) -> None:
        self._link, self._hear, self._answers = link, hear, answers
        self._prepared = ""

    def run(self) -> None:
        try:
            while True:
                kind, data = self._message()
                self._send(self._reply(kind, data))
        except (EOFError, OSError):
            self._link.close()

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._link.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def _message(self) -> tuple[int, bytes]:
        data = b""
        while True:
            kind, status, length, *_ = struct.unpack(">BBHHBB", self._exactly(8))
            data += self._exactly(length - 8)
            if status & 1:
                return kind, data

    def _send(self, data: bytes) -> None:
        parts = [data[start : start + 4088] for start in range(0, len(data), 4088)]
        for number, part in enumerate(parts, 1):
            head = struct.pack(">BBHHBB", 4, int(number == len(parts)), len(part) + 8, 51, number % 256, 0)
            self._link.sendall(head + part)

    def _reply(self, kind: int, data: bytes) -> bytes:
        match kind:
            case 0x12:  # before the login: no encryption, no several results at once
                return struct.pack(">BHHBHHB", 0, 11, 6, 1, 17, 1, 0xFF) + bytes([11, 0, 0x0B, 0xB8, 0, 0, 2])
            case 0x10:
                changed = [b"\x01" + _short("d") + _short("master"), b"\x07\x05" + _COLLATION + b"\x00"]
                name = b"\x01\x74\x00\x00\x04" + _short("Microsoft SQL Server") + bytes([11, 0, 0x0B, 0xB8])
                return b"".join(_sized(0xE3, each) for each in changed) + _sized(0xAD, name) + _done()
            case 0x01:
                statement = data[struct.unpack("<I", data[:4])[0] :].decode("utf-16le")
                self._hear("batch", statement)
                return _answer(self._answers, statement, 0xFD)
            case 0x03:
                return self._called(data)
            case 0x0E:
                return self._transaction(data[struct.unpack("<I", data[:4])[0] :])
            case _:
                return _done(0x20)

    def _transaction(self, data: bytes) -> bytes:
        wanted = {5: "begin", 7: "commit", 8: "roll back"}[struct.unpack("<H", data[:2])[0]]
        self._hear("transaction", wanted)
        number = b"\x08\x01\x00\x00\x00\x00\x00\x00\x00"
        change = {
            "begin": b"\x08" + number + b"\x00",
            "commit": b"\x09\x00" + number,
            "roll back": b"\x0a\x00" + number,
        }
        return _sized(0xE3, change[wanted]) + _done()

    def _called(self, data: bytes) -> bytes:
        """Procedures that are called, one after the other."""
        at, said = struct.unpack("<I", data[:4])[0], b""
        while at < len(data):
            length = struct.unpack("<H", data[at : at + 2])[0]
            if length == 0xFFFF:
                name, at = _PROCEDURES[struct.unpack("<H", data[at + 2 : at + 4])[0]], at + 6
            else:
                name, at = data[at + 2 : at + 2 + 2 * length].decode("utf-16le"), at + 4 + 2 * length
            values: list[list[Any]] = []
            while at < len(data) and data[at] not in (0x80, 0xFF):
                at += 2 + 2 * data[at]
                kind, value, at = _value(data, at)
                values.append([kind, value])
            at += 1
            self._hear(name, values)
            said += self._returned(name, values)
        return said

    def _returned(self, name: str, values: list[list[Any]]) -> bytes:
        if name == "sp_describe_undeclared_parameters":
            return self._described(values[0][1].count("@P")) + b"\x79\x00\x00\x00\x00" + _done(token=0xFE)
        if name.endswith("sp_datatype_info_100"):  # how long texts and bytes may be that are no NVARCHAR(MAX)
            size = {12: 8000, -9: 4000, -3: 8000, 93: 27}[values[0][1]]
            return (
                _table([["type", values[0][1], size]])
                + _done(0x11, 1, 0xFF)
                + b"\x79\x00\x00\x00\x00"
                + _done(token=0xFE)
            )
        handle = b""
        if name in ("sp_prepare", "sp_prepexec"):
            self._prepared = values[2][1]
            handle = b"\xac\x00\x00\x00\x01" + struct.pack("<IH", 0, 0) + b"\x26\x04\x04\x01\x00\x00\x00"
        runs = name in ("sp_execute", "sp_prepexec")
        said = _answer(self._answers, self._prepared, 0xFF) if runs else b""
        return said + b"\x79\x00\x00\x00\x00" + handle + _done(token=0xFE)

    @staticmethod
    def _described(count: int) -> bytes:
        """Each parameter is an NVARCHAR(255)."""
        rows = [
            [
                n,
                f"@P{n}",
                231,
                "nvarchar(255)",
                510,
                0,
                0,
                0,
                "",
                "",
                "",
                "",
                0,
                "",
                "",
                "",
                0,
                0,
                0,
                1,
                0,
                "",
                231,
                510,
            ]
            for n in range(1, count + 1)
        ]
        return _table(rows) + _done(0x11, count, 0xFF)


def _value(data: bytes, at: int) -> tuple[str, Any, int]:
    """(type as SQL writes it, value, where the next begins)."""
    kind = data[at]
    match kind:
        case 0x26 | 0x68 | 0x6D:
            width, length = data[at + 1], data[at + 2]
            raw, end = data[at + 3 : at + 3 + length], at + 3 + length
            if kind == 0x6D:
                return "float", struct.unpack("<d", raw)[0] if length else None, end
            name = "bit" if kind == 0x68 else {1: "tinyint", 2: "smallint", 4: "int", 8: "bigint"}[width]
            return name, int.from_bytes(raw, "little", signed=width > 1) if length else None, end
        case 0xE7 | 0xA7:
            name, code = ("nvarchar", "utf-16le") if kind == 0xE7 else ("varchar", "cp1252")
            width, at = struct.unpack("<H", data[at + 1 : at + 3])[0], at + 8
            if width == 0xFFFF:
                raw, at = _long(data, at)
                return f"{name}(max)", raw.decode(code) if raw is not None else None, at
            length = struct.unpack("<H", data[at : at + 2])[0]
            if length == 0xFFFF:
                return name, None, at + 2
            return name, data[at + 2 : at + 2 + length].decode(code), at + 2 + length
        case _:
            raise ValueError(f"a type that the double does not know: {kind:#x}")


def _long(data: bytes, at: int) -> tuple[bytes | None, int]:
    if data[at : at + 8] == b"\xff" * 8:
        return None, at + 8
    at, found = at + 8, b""
    while True:
        length = struct.unpack("<I", data[at : at + 4])[0]
        found, at = found + data[at + 4 : at + 4 + length], at + 4 + length
        if not length:
            return found, at


def _serve(log: Path, answers: Mapping[str, Answer]) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{server.getsockname()[1]}\n")
    sys.stdout.flush()
    lock = threading.Lock()
    with log.open("a", encoding="utf-8") as out:

        def hear(kind: str, what: Any) -> None:
            with lock:
                out.write(json.dumps([kind, what]) + "\n")
                out.flush()

        while True:
            link, _ = server.accept()
            threading.Thread(target=_Client(link, hear, answers).run, daemon=True).start()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), json.loads(sys.argv[2]))
