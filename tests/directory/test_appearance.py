"""The logo and the hue of a service: what is refused and why, who sets them, what the pages receive."""

import hashlib
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from communis.directory.models import Appearance
from communis.foundation.history import event_model
from communis.kit.colours import DARK, contrast, for_dark, least_contrast
from communis.kit.pictures import NotAPicture, Picture, picture_of
from factories.world import first_pool

pytestmark = pytest.mark.django_db
PATH = "/reglages/apparence/"


def png(width=64, height=64, tail=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x0b\x5d\x5e" * width for _ in range(height))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"") + tail


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\x00\x0b\x08\x00\x30\x00\x40\x01\x01\x11\0data\xff\xd9"
WEBP = (
    b"RIFF"
    + (26).to_bytes(4, "little")
    + b"WEBPVP8L"
    + (14).to_bytes(4, "little")
    + b"\x2f"
    + (63 | 47 << 14).to_bytes(4, "little")
)
WEBP += bytes(9)


def sent(world, data=None, name="logo.png", **typed):
    files = {"logo": SimpleUploadedFile(name, data, "image/png")} if data is not None else {}
    return world.post(PATH, **{"hue": "", **typed}, **files)


def test_a_picture_is_known_by_its_bytes():
    assert picture_of(png(64, 48)) == Picture("png", 64, 48)
    assert picture_of(JPEG) == Picture("jpg", 64, 48)
    assert picture_of(WEBP) == Picture("webp", 64, 48)
    for wrong in (
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        png()[:-1],
        png(tail=b"<script>"),
        JPEG[:20] + b"\xff\xd9",
        b"GIF89a",
    ):
        with pytest.raises(NotAPicture):
            picture_of(wrong)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
         "Ce fichier n’est pas une image PNG, JPEG ou WebP entière : enregistrez le logo dans l’un de ces formats."),
        (png(tail=b"<script>"),
         "Ce fichier n’est pas une image PNG, JPEG ou WebP entière : enregistrez le logo dans l’un de ces formats."),
        (png(64, 16), "Le logo mesure 64 × 16 pixels : chaque côté va de 32 à 2 000."),
        (png() + bytes(200_000), "Le logo pèse 200 ko, il en faut 200 au plus : réduisez-le."),
    ],
)  # fmt: skip
def test_a_logo_that_is_none_is_refused_in_words(world, data, said):
    page = sent(world, data)
    assert (page.status, page.errors) == (422, [said])
    with first_pool():
        assert Appearance.objects.unscoped().count() == 0


def test_a_logo_is_served_as_the_picture_it_is_and_goes_when_it_is_taken_away(world):
    data = png()
    assert sent(world, data).messages == ["Fait. Le logo et la teinte sont enregistrés."]
    address = f"/apparence/{hashlib.sha256(data).hexdigest()[:32]}.png"
    assert [one.attrs["src"] for one in world.get("/").root.all("span", class_="rail-mark")[0].all("img")] == [address]
    answer = world.client.get(address)
    headers = ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control", "Content-Disposition")
    assert [answer.headers[name] for name in headers] == [
        "image/png", "nosniff", "default-src 'none'; sandbox", "private, max-age=31536000, immutable",
        'inline; filename="logo.png"',
    ]  # fmt: skip
    assert answer.content == data
    assert world.sign_in("office").client.get(address).content == data  # its members see it too
    world.sign_in("director")
    sent(world, without_logo="on")
    assert (world.client.get(address).status_code, world.get("/").root.all("img")) == (404, [])


def test_a_hue_that_cannot_be_read_is_refused_with_its_ratio(world):
    page = sent(world, hue="#f2b63c")
    assert page.status == 422
    assert page.errors == [
        "#F2B63C ne se lit pas assez sur les pages claires : son contraste y est de 1,55 pour 1, il en faut 4,50. Choisissez une "
        "teinte plus foncée ; les pages sombres en tirent d’elles-mêmes une plus claire."
    ]
    assert sent(world, hue="bleu").errors == ["Teinte : Écrivez un dièse et six chiffres hexadécimaux : #0B5D5E."]


def test_a_hue_reaches_every_page_by_a_sheet_of_its_own(world):
    assert sent(world, hue="#7a1f5c").status == 200
    links = [one.attrs["href"] for one in world.get("/").root.all("link") if "apparence" in one.attrs.get("href", "")]
    assert links == ["/apparence/7A1F5C.css"]
    answer = world.client.get(links[0])
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.content.decode().splitlines()[0] == ":root { --pine: #7A1F5C; --on-pine: #FFFFFF; }"
    assert world.client.get("/apparence/123456.css").status_code == 404
    with first_pool():
        events = event_model(Appearance).objects.unscoped()
        assert list(events.values_list("hue", flat=True)) == ["#7A1F5C"]
    assert sent(world).status == 200
    assert world.client.get(links[0]).status_code == 404


@pytest.mark.parametrize("hue", ["#000000", "#0B5D5E", "#7A1F5C", "#22558F", "#8A5300"])
def test_dark_pages_have_a_shade_of_the_hue_that_can_be_read(hue):
    assert least_contrast(for_dark(hue), DARK) >= 4.5


def test_contrast_is_that_of_the_standard():
    pairs = (("#000000", "#FFFFFF"), ("#777777", "#FFFFFF"), ("#0B5D5E", "#E8EEEC"))
    assert [f"{contrast(*pair):.2f}" for pair in pairs] == ["21.00", "4.48", "6.52"]


def test_the_direction_alone_sets_how_the_pages_look(world):
    for who in ("technician", "office", "auditor"):
        assert world.sign_in(who).get(PATH).status == 404
        assert world.post(PATH, hue="#0B5D5E").status == 404
