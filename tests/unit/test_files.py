"""Files of users: looked at, read and replaced in one way."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from suasion import files
from suasion.errors import OutputError, UnreadableError
from suasion.files import (
    check_writable,
    is_file,
    read_bytes,
    replacing,
    write_bytes,
    write_json,
)
from suasion.store import seal, unseal


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_there_and_what_is_not(tmp_path):
    (tmp_path / "f").write_text("x")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert is_file(tmp_path / "f")
    assert files.is_folder(tmp_path)
    for absent in ("nowhere", "f/below", "dangling", "round"):
        assert not files.exists(tmp_path / absent)
    assert not is_file(tmp_path)
    assert files.inside(tmp_path / "nowhere") == []
    assert files.inside(tmp_path)[-1].name == "round"


@pytest.mark.parametrize("ask", [is_file, files.is_folder, files.exists, read_bytes, files.inside])
def test_a_name_that_is_too_long_is_said(ask, tmp_path):
    with pytest.raises(UnreadableError, match=r"cannot be read: File name too long\. Give a shorter path"):
        ask(tmp_path / ("n" * 300))


def test_no_path_at_all():
    with pytest.raises(UnreadableError, match=r"is no path: .*embedded null"):
        is_file(Path("a\0b"))


def test_a_file_is_replaced_in_one_step(tmp_path):
    target = tmp_path / "f"
    write_bytes(target, b"old")
    with pytest.raises(TypeError), replacing(target) as file:
        file.write(b"half" + "broken off")
    assert target.read_bytes() == b"old"
    assert write_json(target, {"b": 1, "a": [2]}, durable=True) == target.resolve()
    assert target.read_text() == '{\n "a": [\n  2\n ],\n "b": 1\n}\n'
    assert list(tmp_path.iterdir()) == [target]


def test_links_stay_and_rights_are_kept(tmp_path):
    """A new file has what the mask leaves; an old one keeps its own; a link's file is replaced, not the link."""
    (tmp_path / "elsewhere").mkdir()
    link, real = tmp_path / "link", tmp_path / "elsewhere" / "real"
    link.symlink_to(real)
    before = os.umask(0o027)
    try:
        write_bytes(link, b"1")
    finally:
        os.umask(before)
    assert link.is_symlink()
    assert rights(real) == 0o640
    real.chmod(0o604)
    write_bytes(link, b"2")
    assert (real.read_bytes(), rights(real)) == (b"2", 0o604)


def test_what_is_refused(tmp_path):
    (tmp_path / "fixed").write_text("x")
    (tmp_path / "fixed").chmod(0o444)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    refused = {
        tmp_path: "it is a folder; name a file in it",
        tmp_path / "no" / "f": "the folder .* does not exist",
        tmp_path / "fixed": "it is read-only",
        tmp_path / "pipe": "it is a device or a pipe",
        Path("/dev/null"): "it is a device or a pipe",
        tmp_path / "round": "choose another path",
        tmp_path / ("n" * 300): "File name too long",
    }
    for path, why in refused.items():
        with pytest.raises(OutputError, match=why):
            check_writable(path)
    assert (tmp_path / "fixed").read_text() == "x"
    with pytest.raises(OutputError, match="cannot be made"):
        files.make_folder(tmp_path / "fixed" / "below")


def test_a_kept_answer_is_that_of_its_key():
    """Damage to any byte, another key, and a swap with another's content all count as absent."""
    kept = seal("a", b"content")
    assert unseal("a", kept) == b"content"
    assert unseal("b", kept) is None
    for at in range(len(kept)):
        assert unseal("a", kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :]) is None
        assert unseal("a", kept[:at]) is None
