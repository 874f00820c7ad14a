import os
import socket
import subprocess
import sys
import time

import pytest
from parvis.media import MediaSettings, MediaUnavailable, new_key, open_store, variant_key

AS_A_POOR_USER = """
import os, resource, sys
from parvis.media import MediaSettings, MediaUnavailable, open_store
store = open_store(MediaSettings(url=sys.argv[1]))
exec(sys.argv[2])
try:
    store.put_all({"a/small.jpg": b"x" * 10, "a/large.jpg": b"x" * 100_000})
except MediaUnavailable as error:
    print(error.reason)
"""


@pytest.fixture
def store(tmp_path):
    return open_store(MediaSettings(url="media"), folder=tmp_path)


def files_under(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def put_in_a_child(folder, handicap):
    """Write two files from a process that has lost a right, and return what it says."""
    command = [sys.executable, "-c", AS_A_POOR_USER, str(folder), handicap]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout


def test_what_is_put_is_what_is_got_until_it_is_deleted(store):
    key = new_key("photos", "jpg")
    store.put(key, b"one")
    store.put(key, b"two")
    assert store.get(key) == b"two"
    store.delete([key, key])
    with pytest.raises(KeyError):
        store.get(key)


def test_a_relative_folder_is_made_beside_the_configuration_and_closed_to_others(store, tmp_path):
    assert store.place == str(tmp_path / "media")
    assert (tmp_path / "media").stat().st_mode & 0o007 == 0


def test_keys_are_ours_unguessable_and_keep_the_sizes_of_one_photo_together():
    key = new_key("photos", "jpg")
    prefix, shard, name = key.split("/")
    assert (prefix, shard, len(name)) == ("photos", name[:2], 36)
    assert variant_key(key, "face-320") == key.replace(".jpg", "-face-320.jpg")
    assert new_key("photos", "jpg") != key


@pytest.mark.parametrize(
    "key", ["../evil.jpg", "/etc/passwd.jpg", "a/../b.jpg", "a//b.jpg", "A b.jpg", "a\0.jpg", "a"]
)
def test_a_key_that_is_not_ours_is_refused(store, key):
    for act in (lambda: store.put(key, b""), lambda: store.get(key), lambda: store.delete([key])):
        with pytest.raises(ValueError, match="not a key of ours"):
            act()


def test_a_check_leaves_nothing_behind(store, tmp_path):
    store.check()
    assert files_under(tmp_path) == []


def test_a_write_that_fails_for_want_of_room_leaves_nothing(tmp_path):
    said = put_in_a_child(tmp_path, "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))")
    assert said.startswith(f"{tmp_path}: cannot write a/large.jpg: ")
    assert files_under(tmp_path) == []


def test_a_read_only_folder_is_a_clear_fault(tmp_path):
    tmp_path.chmod(0o555)
    said = put_in_a_child(tmp_path, "os.setuid(65534)" if os.getuid() == 0 else "pass")
    assert said.startswith(f"{tmp_path}: cannot write a/small.jpg: ")


def test_a_folder_that_cannot_be_made_is_a_clear_fault(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MediaUnavailable) as refusal:
        open_store(MediaSettings(url="file/media"), folder=tmp_path)
    assert refusal.value.reason == f"{tmp_path}/file/media: Not a directory"
    assert refusal.value.status == 503


def test_a_bucket_that_accepts_calls_and_never_answers_costs_a_bounded_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = open_store(bucket_at(silent.getsockname()[1]))
        start = time.monotonic()
        with pytest.raises(MediaUnavailable, match="cannot be read or saved") as refusal:
            store.check()
    assert time.monotonic() - start < 5
    assert refusal.value.reason.startswith("s3://files/parvis: cannot write check/")


def test_a_bucket_that_refuses_connections_is_a_clear_fault_without_the_secret():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(MediaUnavailable) as refusal:
        open_store(bucket_at(port)).get("photos/a.jpg")
    assert "hidden" not in refusal.value.reason + repr(bucket_at(port))


def bucket_at(port):
    return MediaSettings(
        url="s3://files/parvis",
        endpoint=f"http://127.0.0.1:{port}",
        access_key="parvis",
        secret_key="hidden",
        timeout=1,
    )
