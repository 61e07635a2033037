"""Only folders of our own are removed: marked by their content, and of a process that is gone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from suasion import temporary
from suasion.temporary import MARKER, made_folder, mark, owner_of, remove_folder, sweep

MAKE = "import sys; from suasion.temporary import made_folder; print(made_folder(sys.argv[1], 'own-'))"


@pytest.fixture
def left(tmp_path):
    """Folder of a process that is gone."""
    made = subprocess.run(
        [sys.executable, "-c", MAKE, str(tmp_path)], capture_output=True, text=True, check=True
    )
    return tmp_path / made.stdout.strip().rpartition("/")[2]


def test_what_a_dead_process_left_is_swept(tmp_path, left):
    (left / "deep").mkdir()
    (left / "deep" / "file").write_text("x")
    assert sweep(tmp_path, "own-") == 1
    assert not left.exists()


def test_what_a_running_process_has_stays(tmp_path):
    own = made_folder(tmp_path, "own-")
    assert sweep(tmp_path, "own-") == 0
    assert remove_folder(own)
    assert not own.exists()


def test_a_number_given_out_again_is_another_process(tmp_path):
    """Our own number with another start is not us, so that its owner is gone."""
    own = made_folder(tmp_path, "own-")
    marker = json.loads((own / MARKER).read_text())
    if not marker["started"]:
        pytest.skip("the system does not say when a process started")
    (own / MARKER).write_text(json.dumps({**marker, "started": "1"}))
    assert sweep(tmp_path, "own-") == 1


@pytest.mark.parametrize("change", [{"host": "elsewhere"}, {"space": "another container"}])
def test_a_process_that_cannot_be_seen_is_not_taken_for_gone(tmp_path, left, change):
    marker = json.loads((left / MARKER).read_text())
    (left / MARKER).write_text(json.dumps({**marker, **change}))
    assert sweep(tmp_path, "own-") == 0
    assert left.exists()


def bare(folder):
    (folder / MARKER).unlink()


def broken(folder):
    (folder / MARKER).write_text("{")


def foreign(folder):
    (folder / MARKER).write_text(
        json.dumps({**json.loads((folder / MARKER).read_text()), "program": "other"})
    )


def nameless(folder):
    (folder / MARKER).write_text(json.dumps({"program": "suasion", "folder": folder.stat().st_ino}))


def linked(folder):
    real = folder.with_name("real")
    folder.rename(real)
    folder.symlink_to(real, target_is_directory=True)


def copied(folder):
    """A user's copy has the marker too, but is another folder."""
    whole = folder.with_name("whole")
    folder.rename(whole)
    shutil.copytree(whole, folder)


@pytest.mark.parametrize("change", [bare, broken, foreign, nameless, linked, copied])
def test_without_proof_nothing_goes(tmp_path, left, change):
    (left / "work").write_text("of a user")
    change(left)
    assert owner_of(left) is None
    assert not remove_folder(left)
    assert sweep(tmp_path, "own-") == 0
    assert (left / "work").read_text() == "of a user"


def test_a_link_inside_is_removed_and_not_followed(tmp_path, left):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("x")
    (left / "link").symlink_to(outside, target_is_directory=True)
    assert remove_folder(left)
    assert (outside / "file").exists()


def test_a_folder_with_files_is_never_marked(tmp_path):
    (tmp_path / "file").write_text("of a user")
    with pytest.raises(FileExistsError, match="not marked"):
        mark(tmp_path)
    assert not (tmp_path / MARKER).exists()


def test_a_full_disk_leaves_no_folder_half_made(tmp_path, monkeypatch):
    def full(folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(temporary, "mark", full)
    with pytest.raises(OSError, match="No space"):
        made_folder(tmp_path, "own-")
    assert list(tmp_path.iterdir()) == []
