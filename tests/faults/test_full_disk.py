"""The disk of pictures and files is full: a sentence, no row without a file; the form is taken later."""

import io
import os
import subprocess

import pytest
from parvis.api import db
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Content
from parvis_social.content.models import File
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.proof]

SMALL, BIG = b"Minutes of the meeting", b"x" * 1_000_000


@pytest.fixture
def disk(app, tmp_path):
    """Put the media on a disk of its own, of 512 KiB; give what makes it larger."""
    folder = tmp_path / "media"
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a disk of its own can only be mounted by root, where mounting is allowed")
    yield lambda: subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts disks")
def test_what_finds_no_room_is_refused_wholly_and_taken_when_there_is_room(
    member_client, member, make_group, disk, tmp_path
):
    group = make_group("Photo", member)

    def send(key, data):
        files = [(io.BytesIO(data), "minutes.txt")]
        form = {"text": f"Typed {key}", "form_key": key, "files": files}
        return member_client.post(f"/places/{group.place_id}/post", data=form)

    refused = send("one", BIG)
    assert (refused.status_code, "Typed one" in refused.text) == (503, True)
    counts = [db.session.scalar(db.select(db.func.count()).select_from(model)) for model in (File, Content)]
    kept = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert (counts, kept) == ([0, 0], [])
    assert send("two", SMALL).status_code == 303  # what does find room
    assert member_client.get("/groups/photo").status_code == 200
    disk()
    assert send("one", BIG).status_code == 303
    texts = db.session.scalars(db.select(Content.body_html).order_by(Content.id)).all()
    assert texts == ["<p>Typed two</p>", "<p>Typed one</p>"]
