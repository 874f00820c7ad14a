"""Where photos and files are kept: a folder, or a bucket of any S3 service, behind the same few calls.

Keys are our own (`photos/3f/3f2a…-320.jpg`), never a name that a person gave. Content types are kept in the
database: a folder has nowhere to put them.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from parvis.errors import DomainError
from parvis.i18n import gettext as _
from parvis.settings import Settings, setting

_log = logging.getLogger(__name__)
_KEY = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*\.[a-z0-9]{1,8}")
_WORD = re.compile(r"[a-z0-9_-]+")
_PROBE = "check"


class MediaSettings(Settings):
    """Where photos and files are kept."""

    url: str = setting(
        "media",
        min_length=1,
        help="A folder, or s3://bucket/prefix. A folder must be shared if there are several machines.",
    )
    endpoint: str = setting(
        "", help="Address of the S3 service, if it is not Amazon's: https://s3.example.com"
    )
    region: str = setting("us-east-1", help="Region of the bucket.")
    access_key: str = setting("", help="Name of the key that may read, write and delete in the bucket.")
    secret_key: str = setting("", secret=True, help="Secret of that key.")
    timeout: float = setting(5.0, gt=0, le=60, help="Seconds that one call to the S3 service may take.")


class MediaUnavailable(DomainError):
    """Where files are kept does not answer, is full or read-only; `reason` is for administrators."""

    status = 503

    def __init__(self, reason: str) -> None:
        super().__init__(_("Photos and files cannot be read or saved at the moment. Please try again later."))
        self.reason = reason


class MediaStore:
    """Bytes under keys; every fault of the store underneath is a `MediaUnavailable`."""

    def __init__(self, store: ObjectStore, place: str) -> None:
        self._store = store
        self.place = place

    def put(self, key: str, data: bytes | Path) -> None:
        """Keep the data, or what a file holds, under the key, wholly or not at all."""
        _check_key(key)
        with self._faults("write", key):
            obstore.put(self._store, key, data, use_multipart=isinstance(data, Path))

    def put_all(self, files: Mapping[str, bytes]) -> None:
        """Keep several files, such as the sizes of one photo: all of them or none."""
        try:
            for key, data in files.items():
                self.put(key, data)
        except MediaUnavailable:
            self._forget(files)
            raise

    def get(self, key: str) -> bytes:
        """Return what is kept under the key; `KeyError` if nothing is."""
        _check_key(key)
        with self._faults("read", key):
            return bytes(obstore.get(self._store, key).bytes())

    def stream(self, key: str) -> Iterator[bytes]:
        """Return what is kept under the key, piece by piece; `KeyError` if nothing is."""
        _check_key(key)
        with self._faults("read", key):
            return map(bytes, obstore.get(self._store, key).stream())

    def delete(self, keys: Iterable[str]) -> None:
        """Remove the keys; one that is not there is no fault, so that a removal can be repeated."""
        for key in keys:
            _check_key(key)
            try:
                with self._faults("delete", key):
                    obstore.delete(self._store, key)
            except KeyError:
                continue

    def check(self) -> None:
        """Write, read and remove a small file; raise `MediaUnavailable` with a reason if that fails."""
        key = new_key(_PROBE, "txt")
        self.put(key, b"parvis")
        if self.get(key) != b"parvis":
            raise MediaUnavailable(f"{self.place}: what was written is not what is read")
        self.delete([key])

    def _forget(self, keys: Iterable[str]) -> None:
        try:
            self.delete(keys)
        except MediaUnavailable as error:
            _log.warning("media: left behind after a failed write: %s", error.reason)

    @contextmanager
    def _faults(self, action: str, key: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            if action == "write":
                raise MediaUnavailable(f"{self.place}: cannot write {key}: {_first_line(error)}") from error
            raise KeyError(key) from error
        except (BaseError, OSError) as error:
            raise MediaUnavailable(f"{self.place}: cannot {action} {key}: {_first_line(error)}") from error


def new_key(prefix: str, extension: str) -> str:
    """Make a key that nobody can guess: `new_key("photos", "jpg")` is `photos/3f/3f2a….jpg`."""
    name = uuid4().hex
    return f"{prefix}/{name[:2]}/{name}.{extension}"


def variant_key(key: str, name: str) -> str:
    """Name the key of one size of a picture: `photos/3f/3f2a….jpg`, `320` is `photos/3f/3f2a…-320.jpg`."""
    if not _WORD.fullmatch(name):
        raise ValueError(f"not a variant's name: {name!r}")
    stem, _dot, extension = key.rpartition(".")
    return f"{stem}-{name}.{extension}"


def open_store(settings: MediaSettings, *, folder: Path | None = None) -> MediaStore:
    """Open the store of the settings; `folder` is what a relative path starts from (the configuration's).

    Makes the folder; reaches no bucket by itself: one that is away shows at the first call, or by `check()`.
    """
    if settings.url.startswith("s3://"):
        return MediaStore(_bucket(settings), settings.url)
    path = (folder or Path()).joinpath(settings.url).absolute()
    try:
        path.mkdir(mode=0o750, parents=True, exist_ok=True)
        return MediaStore(LocalStore(path), str(path))
    except OSError as error:
        raise MediaUnavailable(f"{path}: {error.strerror or error}") from error


def _bucket(settings: MediaSettings) -> S3Store:
    limit = timedelta(seconds=settings.timeout)
    options = {
        "region": settings.region,
        "access_key_id": settings.access_key,
        "secret_access_key": settings.secret_key,
        "endpoint": settings.endpoint,
    }
    return S3Store.from_url(
        settings.url,
        config={name: value for name, value in options.items() if value},  # type: ignore[arg-type]  # a TypedDict
        client_options={
            "timeout": limit,
            "connect_timeout": min(limit, timedelta(seconds=3)),
            "allow_http": settings.endpoint.startswith("http://"),
        },
        retry_config={"max_retries": 1, "retry_timeout": limit},
    )


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key of ours: {key!r}")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
