"""The vault keeps what it is given, says when it cannot, and tells nobody else."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imaging.vault import (
    BlobId,
    DamagedBlob,
    MissingBlob,
    Vault,
    WrongKey,
)


KEY = bytes(range(32))
OTHER_KEY = bytes(32)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault", KEY)


def blobs(folder: Path) -> list[Path]:
    return [
        path for path in folder.rglob("*") if len(path.name) == 64 and path.is_file()
    ]


@given(data=st.binary(max_size=5000))
@settings(max_examples=40, deadline=None)
def test_what_is_put_comes_back(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first = Vault(Path(folder), KEY)
        blob_id = first.put(data)

        assert first.has(blob_id)
        assert Vault(Path(folder), KEY).get(blob_id) == data


def test_the_same_bytes_are_kept_once(vault: Vault, tmp_path: Path) -> None:
    assert vault.put(b"a picture") == vault.put(b"a picture")
    assert len(blobs(tmp_path)) == 1
    assert not list((tmp_path / "vault" / "tmp").iterdir())


def test_neither_name_nor_content_tells_without_the_key(tmp_path: Path) -> None:
    names = {
        Vault(tmp_path / key.hex(), key).put(b"a picture") for key in (KEY, OTHER_KEY)
    }

    assert len(names) == 2
    assert all(b"a picture" not in path.read_bytes() for path in blobs(tmp_path))


def test_a_blob_nobody_put_is_missing(vault: Vault) -> None:
    blob_id = BlobId("0" * 64)

    assert not vault.has(blob_id)
    with pytest.raises(MissingBlob):
        vault.get(blob_id)


@pytest.mark.parametrize("name", ["", "../key-id", "0" * 63, "g" * 64, "0" * 64 + "\n"])
def test_a_name_that_is_no_name_finds_nothing(vault: Vault, name: str) -> None:
    assert not vault.has(BlobId(name))
    with pytest.raises(MissingBlob):
        vault.get(BlobId(name))


@given(where=st.floats(0, 0.9999), flip=st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_a_changed_byte_anywhere_is_noticed(where: float, flip: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(Path(folder), KEY)
        blob_id = vault.put(b"a picture of some length")
        (path,) = blobs(Path(folder))
        sealed = bytearray(path.read_bytes())
        sealed[int(where * len(sealed))] ^= flip
        path.write_bytes(sealed)

        with pytest.raises((DamagedBlob, WrongKey)):
            vault.get(blob_id)
        assert vault.check().damaged == (blob_id,)


@pytest.mark.parametrize("kept", [0, 3, 40, 110])
def test_a_shortened_blob_is_damaged(vault: Vault, tmp_path: Path, kept: int) -> None:
    blob_id = vault.put(b"a picture")
    os.truncate(blobs(tmp_path)[0], kept)

    with pytest.raises(DamagedBlob):
        vault.get(blob_id)


def test_one_blob_cannot_stand_in_for_another(vault: Vault, tmp_path: Path) -> None:
    mine, yours = vault.put(b"mine"), vault.put(b"yours")
    by_name = {path.name: path for path in blobs(tmp_path)}
    by_name[mine].write_bytes(by_name[yours].read_bytes())

    with pytest.raises(DamagedBlob):
        vault.get(mine)


def test_putting_again_repairs_a_damaged_blob(vault: Vault, tmp_path: Path) -> None:
    blob_id = vault.put(b"a picture")
    blobs(tmp_path)[0].write_bytes(b"rot")

    vault.put(b"a picture")

    assert vault.get(blob_id) == b"a picture"
    assert vault.check().sound


def test_another_key_does_not_open_the_vault(vault: Vault, tmp_path: Path) -> None:
    vault.put(b"a picture")

    with pytest.raises(WrongKey, match="another key"):
        Vault(tmp_path / "vault", OTHER_KEY)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_no_key(tmp_path: Path, length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(tmp_path, bytes(length))


def test_the_check_counts_what_is_there(vault: Vault) -> None:
    for number in range(5):
        vault.put(bytes([number]))

    found = vault.check()

    assert (found.blobs, found.damaged, found.sound) == (5, (), True)
    assert found.size > 5


def test_many_may_put_the_same_and_other_pictures_at_once(
    vault: Vault, tmp_path: Path
) -> None:
    pictures = [bytes([number % 7]) * 20_000 for number in range(60)]

    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(vault.put, pictures))

    assert [vault.get(name) for name in names] == pictures
    assert vault.check().blobs == 7
    assert not list((tmp_path / "vault" / "tmp").iterdir())


def test_a_first_opening_by_many_at_once_agrees_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: Vault(tmp_path, KEY), range(24)))

    assert vaults[0].get(vaults[-1].put(b"a picture")) == b"a picture"


ENDLESS = """
import os, sys
from pathlib import Path
from core.imaging.vault import Vault
vault = Vault(Path(sys.argv[1]), bytes(range(32)))
while True:
    print(vault.put(os.urandom(2_000_000)), flush=True)
"""


def test_a_killed_process_leaves_no_half_blob(tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", ENDLESS, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        ) as child:
            assert child.stdout
            told += [child.stdout.readline().strip() for _ in range(4)]
            child.kill()

    vault = Vault(tmp_path, KEY)

    assert vault.check().sound
    assert all(vault.has(BlobId(name)) for name in told)


def test_what_a_killed_process_left_is_swept_but_not_a_write_under_way(
    vault: Vault, tmp_path: Path
) -> None:
    temporary = tmp_path / "vault" / "tmp"
    old, fresh = temporary / "old", temporary / "fresh"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)

    Vault(tmp_path / "vault", KEY)

    assert [path.name for path in temporary.iterdir()] == ["fresh"]
