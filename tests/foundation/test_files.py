"""The store of files: bytes by their digest, whole or not at all, known for what they hold."""

import io
import zipfile

import pytest

from communis.foundation import files
from factories.pools import FIRST, SECOND

SENTENCE = "Délibération n° 2023-076".encode()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.COMMUNIS_FILES = tmp_path / "files"
    return settings.COMMUNIS_FILES


def archive(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for name, text in parts.items():
            written.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return made.getvalue()


@pytest.mark.covers("DOC-24")
def test_bytes_are_kept_once_a_pool_under_their_digest(folder):
    kept = files.keep(FIRST, SENTENCE)
    files.keep(FIRST, SENTENCE)
    files.keep(SECOND, SENTENCE)
    digest = "0c8d74f119e96a8ef94e1bcf2d543af1c38511a7e65517d80aecea4c9cbc0654"
    assert (kept.digest, kept.size) == (digest, 27)
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        f"1/{digest[:2]}/{digest}", f"2/{digest[:2]}/{digest}",
    ]  # fmt: skip
    assert files.read(FIRST, digest) == SENTENCE


def test_bytes_that_are_gone_or_changed_are_not_given(folder):
    digest = files.keep(FIRST, SENTENCE).digest
    path = files.path_of(FIRST, digest)
    path.write_bytes(b"autre chose")
    with pytest.raises(files.Damaged, match="changed"):
        files.read(FIRST, digest)
    files.keep(FIRST, SENTENCE)
    assert files.read(FIRST, digest) == SENTENCE
    path.unlink()
    with pytest.raises(files.Damaged, match="gone"):
        files.read(FIRST, digest)
    with pytest.raises(files.Damaged, match="gone"):
        files.read(SECOND, digest)


@pytest.mark.parametrize("digest", ["../../secret", "", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_path_is_never_made_of_what_is_no_digest(digest):
    with pytest.raises(ValueError, match="not a SHA-256"):
        files.path_of(FIRST, digest)


def test_a_write_that_is_cut_leaves_nothing(folder, monkeypatch):
    def cut(*_):
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", cut)
    with pytest.raises(OSError, match="no space left"):
        files.keep(FIRST, SENTENCE)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (b"%PDF-1.7\n", "application/pdf"), (PNG, "image/png"), (b"\xff\xd8\xff\xe0" + bytes(9), "image/jpeg"),
        ("numéro;objet\r\n1;adhésion".encode(), "text/plain"),
        (archive(word__document_dot_xml="<w/>"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (archive(xl__workbook_dot_xml="<w/>"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (archive(mimetype="application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
        (archive(word__document_dot_xml="<w/>", word__vbaProject_dot_bin="x"), ""), (archive(setup_dot_exe="MZ"), ""),
        (archive(mimetype="text/html"), ""), (b"PK\x03\x04" + bytes(40), ""), (b"MZ\x90\x00", ""), (b"", ""),
        (b"  <html><script>alert(1)</script>", ""), (b"<svg onload='x'/>", ""), ("é".encode("latin-1"), ""),
    ],
)  # fmt: skip
def test_a_file_is_known_by_what_it_holds(data, media):
    assert files.media_of(data) == media
