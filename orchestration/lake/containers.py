"""What a delivered file really is, by its bytes (the extension lies), and what archives hold, unpacked within limits.

Belongs here: detection, gzip, zip. Does not: reading what is inside.
"""

from __future__ import annotations

import gzip
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from orchestration.lake.disk import disk_trouble
from orchestration.lake.encoding import bom
from orchestration.lake.parts import Limits
from orchestration.lake.refusal import Refused

Container = Literal["xlsx", "xls", "zip", "gzip", "parquet", "html", "json", "xml", "csv", "empty", "pdf", "rar", "7z"]
HEAD = 64 << 10
STEP = 4 << 20
MAGIC: tuple[tuple[bytes, Container], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"), (b"\x1f\x8b", "gzip"), (b"PAR1", "parquet"), (b"%PDF", "pdf"),
    (b"Rar!", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"),
)
TAG = re.compile(r"<(!doctype html|html|head|body|meta|table|script|style|div)\b", re.IGNORECASE)
ARCHIVES = ("zip", "gzip", "rar", "7z")
JUNK = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|~\$)")


@dataclass(frozen=True)
class Member:
    """One file of a zip: its name as it is shown, and where it was unpacked (under a name of our own)."""

    name: str
    path: Path


def detect(path: Path) -> Container:
    """The container of a file; text that is neither HTML, XML nor JSON is `csv`."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        return "empty"
    found = next((container for magic, container in MAGIC if head.startswith(magic)), None)
    if found:
        return found
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_or_workbook(path)
    marked = bom(head)
    text = head[marked[1] :].decode(marked[0], errors="replace") if marked else head.decode("utf-8", errors="replace")
    start = text.lstrip("\ufeff \t\r\n\x00")[:2000]
    if start.startswith("<"):
        return "html" if TAG.search(text) else "xml"
    if re.match(r'\{\s*("|\}|\Z)|\[\s*([\[{"\]]|\Z)', start):
        return "json"
    return "csv"


def unpack_gzip(path: Path, workdir: Path, limits: Limits) -> Path:
    """The content of a gzip. Raises Refused when it is cut off, damaged or beyond the limits."""
    target = Path(tempfile.mkdtemp(dir=workdir)) / "content"
    try:
        with gzip.open(path, "rb") as source, target.open("wb") as out:
            _copy(source, out, path.stat().st_size, limits.unpacked_bytes, limits)
    except EOFError:
        raise Refused("the gzip file is cut off: download it again") from None
    except (OSError, zlib.error) as error:
        if trouble := disk_trouble(error):
            raise trouble from error
        raise Refused(f"the gzip file is damaged ({error}): download it again") from None
    return target


def unpack_zip(path: Path, workdir: Path, limits: Limits) -> Iterator[Member]:
    """The files of a zip, one after the other. Names inside never become paths, so nothing can be written elsewhere.

    Raises Refused for passwords, damage, archives inside the archive, too many members or too much content.
    """
    left = limits.unpacked_bytes
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not JUNK.search(info.filename)]
            if len(infos) > limits.members:
                raise Refused(f"the zip holds {len(infos)} files, more than {limits.members}")
            if not infos:
                raise Refused("the zip holds no file")
            for info in infos:
                name = _shown_name(info)
                if info.flag_bits & 0x1:
                    raise Refused(f"the zip is protected by a password ({name}): unpack it and deliver the file inside")
                target = Path(tempfile.mkdtemp(dir=workdir)) / "content"
                with archive.open(info) as source, target.open("wb") as out:
                    left -= _copy(source, out, info.compress_size, left, limits)
                if detect(target) in ARCHIVES:
                    raise Refused(f"the zip holds another archive ({name}): unpack it and deliver the files inside")
                yield Member(name, target)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Refused(f"the zip is damaged or cut off ({error}): download it again") from None
    except NotImplementedError as error:  # what zipfile raises for encryption and compression it does not know
        raise Refused(f"the zip uses a method that cannot be read ({error}): pack it as a plain zip") from None


def check_workbook(path: Path, limits: Limits) -> None:
    """Refuse a workbook that unpacks beyond the limits, before anything unpacks it."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Refused(f"the workbook is damaged or cut off ({error}): download it again") from None
    _check(unpacked, path.stat().st_size, limits.workbook_bytes, limits)


def _zip_or_workbook(path: Path) -> Container:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise Refused(f"the zip or workbook is damaged or cut off ({error}): download it again") from None
    return "xlsx" if names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} else "zip"


def _shown_name(info: zipfile.ZipInfo) -> str:
    """Windows tools in China write GBK names without saying so; Python then reads them as CP437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _copy(source: BinaryIO, out: BinaryIO, packed: int, most: int, limits: Limits) -> int:
    written = 0
    while block := source.read(STEP):
        written += out.write(block)
        _check(written, packed, most, limits)
    return written


def _check(unpacked: int, packed: int, most: int, limits: Limits) -> None:
    if unpacked > most:
        raise Refused(f"the file unpacks to more than {most >> 20} MiB: deliver it in smaller pieces")
    if unpacked > limits.ratio_from_bytes and unpacked > packed * limits.unpack_ratio:
        raise Refused(f"the file unpacks to more than {limits.unpack_ratio} times its size: it is damaged or a bomb")
