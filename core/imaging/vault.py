"""Where pictures are kept: a folder of sealed blobs, named by what they hold.

A blob's name is a keyed hash of its content. The same bytes are kept once, and
someone who has the disk but not the key cannot ask whether a certain picture is there.
"""

import hashlib
import hmac
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NewType
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


BlobId = NewType("BlobId", str)
BLOB_ID = re.compile(r"[0-9a-f]{64}")
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_ID_BYTES = 8

# A blob: magic and version, key id, nonce and wrapped data key, nonce and content.
MAGIC = b"OZV\x01"
WRAPPED_BYTES = KEY_BYTES + TAG_BYTES
PREFIX_BYTES = len(MAGIC) + KEY_ID_BYTES
HEADER_BYTES = PREFIX_BYTES + NONCE_BYTES + WRAPPED_BYTES + NONCE_BYTES
ABANDONED_AFTER = 3600  # seconds; no put takes that long, so its writer is dead


class VaultError(Exception):
    """Something is wrong with the vault: for operators, never shown to a person."""


class MissingBlob(VaultError):
    """No blob has this name."""


class DamagedBlob(VaultError):
    """The blob is there and is not what was put in."""


class WrongKey(VaultError):
    """The vault was sealed with another key."""


@dataclass(frozen=True)
class VaultCheck:
    """What a walk through the whole vault found; ``size`` in bytes on disk."""

    blobs: int
    size: int
    damaged: tuple[BlobId, ...]

    @property
    def sound(self) -> bool:
        """Whether every blob opened."""
        return not self.damaged


class Vault:
    """A folder of AES-256-GCM envelopes: each blob its own key, wrapped by ours.

    Many processes may share one folder. A blob is under its name whole or not at
    all, and once ``put`` returns it survives a power cut.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        """Open or begin a vault. ``key``: 32 bytes. Raises ValueError, WrongKey."""
        if len(key) != KEY_BYTES:
            raise ValueError("the vault's key is 32 bytes")
        self._folder = folder
        self._temporary = folder / "tmp"
        self._naming = _derive(key, b"ozone vault: naming")
        self._wrapping = AESGCM(_derive(key, b"ozone vault: wrapping"))
        self._key_id = _derive(key, b"ozone vault: key id")[:KEY_ID_BYTES]
        self._temporary.mkdir(parents=True, exist_ok=True)
        self._claim()
        self._sweep()

    def put(self, data: bytes) -> BlobId:
        """Keep ``data``; again is as good as once. Returns its name."""
        digest = hmac.digest(self._naming, data, hashlib.sha256)
        blob_id = BlobId(digest.hex())
        path = self._path(blob_id)
        if not self._sound(blob_id):
            _make_folder(path.parent)
            self._write(path, self._seal(blob_id, data))
        # Also when it was there: the process that wrote it may not have got this far.
        _sync_folder(path.parent)
        return blob_id

    def get(self, blob_id: BlobId) -> bytes:
        """The bytes that were put. Raises MissingBlob, DamagedBlob, WrongKey."""
        try:
            sealed = self._path(blob_id).read_bytes()
        except FileNotFoundError as error:
            raise MissingBlob(blob_id) from error
        return self._unseal(blob_id, sealed)

    def has(self, blob_id: BlobId) -> bool:
        """Whether a blob of this name is there; ``get`` tells whether it is sound."""
        return bool(BLOB_ID.fullmatch(blob_id)) and self._path(blob_id).is_file()

    def check(self) -> VaultCheck:
        """Open every blob. Reads the whole vault: for the doctor, not for a screen."""
        count, size, damaged = 0, 0, []
        for path in self._blobs():
            count, size = count + 1, size + path.stat().st_size
            if not self._sound(BlobId(path.name)):
                damaged.append(BlobId(path.name))
        return VaultCheck(count, size, tuple(damaged))

    def _blobs(self) -> Iterator[Path]:
        shards = "[0-9a-f]" * 2
        return iter(sorted(self._folder.glob(f"{shards}/{shards}/*")))

    def _sound(self, blob_id: BlobId) -> bool:
        try:
            self.get(blob_id)
        except VaultError:
            return False
        return True

    def _path(self, blob_id: BlobId) -> Path:
        if not BLOB_ID.fullmatch(blob_id):  # also keeps "../" out of the path
            raise MissingBlob("not a blob's name")
        return self._folder / blob_id[:2] / blob_id[2:4] / blob_id

    def _seal(self, blob_id: BlobId, data: bytes) -> bytes:
        prefix = MAGIC + self._key_id
        bound = prefix + blob_id.encode()
        data_key = AESGCM.generate_key(bit_length=256)
        outer, inner = os.urandom(NONCE_BYTES), os.urandom(NONCE_BYTES)
        wrapped = self._wrapping.encrypt(outer, data_key, bound)
        content = AESGCM(data_key).encrypt(inner, data, bound)
        return b"".join((prefix, outer, wrapped, inner, content))

    def _unseal(self, blob_id: BlobId, sealed: bytes) -> bytes:
        prefix, body = sealed[:PREFIX_BYTES], sealed[PREFIX_BYTES:HEADER_BYTES]
        if len(sealed) < HEADER_BYTES + TAG_BYTES or not prefix.startswith(MAGIC):
            raise DamagedBlob(blob_id)
        if prefix[len(MAGIC) :] != self._key_id:
            raise WrongKey(f"blob {blob_id} was sealed with another key")
        bound = prefix + blob_id.encode()
        outer, inner = body[:NONCE_BYTES], body[-NONCE_BYTES:]
        try:
            data_key = self._wrapping.decrypt(
                outer, body[NONCE_BYTES:-NONCE_BYTES], bound
            )
            return AESGCM(data_key).decrypt(inner, sealed[HEADER_BYTES:], bound)
        except InvalidTag as error:
            raise DamagedBlob(blob_id) from error

    def _claim(self) -> None:
        """Note the key on the first opening, compare it on every other."""
        note = self._folder / "key-id"
        if not note.exists():
            self._write(note, self._key_id.hex().encode(), replace=False)
            _sync_folder(self._folder)
        if note.read_bytes() != self._key_id.hex().encode():
            raise WrongKey(
                "This vault was begun with another key. Nothing was changed: check "
                "the vault key in the configuration."
            )

    def _write(self, path: Path, content: bytes, *, replace: bool = True) -> None:
        temporary = self._temporary / uuid4().hex
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                temporary.replace(path)
            elif not path.exists():
                path.hardlink_to(temporary)
        except FileExistsError:
            if replace:
                raise
        finally:
            temporary.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what a killed process left half written."""
        for path in self._temporary.iterdir():
            try:
                if time.time() - path.stat().st_mtime > ABANDONED_AFTER:
                    path.unlink()
            except FileNotFoundError:  # its writer has just finished
                continue


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for above in (folder.parent, folder.parent.parent):
        _sync_folder(above)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
