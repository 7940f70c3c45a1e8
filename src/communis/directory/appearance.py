"""Setting the logo and the hue of a pool, and giving them to its pages."""

from __future__ import annotations

import hashlib

from django.db import transaction

from communis.directory.models import Appearance
from communis.kit.colours import LIGHT, ON_DARK, ON_LIGHT, READABLE, for_dark, least_contrast
from communis.kit.formats import counted, number
from communis.kit.pictures import NotAPicture, Picture, picture_of
from communis.kit.refusals import Refusal

HEAVIEST = 200_000  # bytes
SMALLEST, LARGEST = 32, 2_000  # pixels of a side
NOT_A_PICTURE = "Ce fichier n’est pas une image PNG, JPEG ou WebP entière : enregistrez le logo dans l’un de ces formats."


def checked_hue(hue: str) -> str:
    """Return a hue that can be read on every light page, and on which white can be read; refuse any other, with its ratio."""
    hue = hue.strip().upper()
    ratio = least_contrast(hue, LIGHT)
    if ratio < READABLE:
        raise Refusal(
            f"{hue} ne se lit pas assez sur les pages claires : son contraste y est de {number(ratio, 2)} pour 1, il en faut "
            "4,50. Choisissez une teinte plus foncée ; les pages sombres en tirent d’elles-mêmes une plus claire."
        )
    return hue


def checked_logo(data: bytes) -> Picture:
    """Return what a logo is; refuse what is no picture, what is too heavy and what is too large or too small."""
    if len(data) > HEAVIEST:
        raise Refusal(f"Le logo pèse {counted(len(data) // 1000, 'ko', 'ko')}, il en faut 200 au plus : réduisez-le.")
    try:
        picture = picture_of(data)
    except NotAPicture:
        raise Refusal(NOT_A_PICTURE) from None
    if not all(SMALLEST <= side <= LARGEST for side in (picture.width, picture.height)):
        size = f"{number(picture.width)} × {number(picture.height)}"
        raise Refusal(f"Le logo mesure {size} pixels : chaque côté va de {SMALLEST} à {number(LARGEST)}.")
    return picture


@transaction.atomic
def set_appearance(*, hue: str, logo: bytes | None) -> None:
    """Set the hue of the pool in scope ("" for the pine), and its logo: None leaves it, b"" takes it away."""
    appearance = Appearance.objects.unscoped().select_for_update().first() or Appearance()
    appearance.hue = checked_hue(hue) if hue else ""
    if logo:
        picture = checked_logo(logo)
        appearance.logo, appearance.logo_name = logo, f"{hashlib.sha256(logo).hexdigest()[:32]}.{picture.form}"
    elif logo is not None:
        appearance.logo, appearance.logo_name = b"", ""
    appearance.full_clean()
    appearance.save()


def sheet_of(hue: str) -> str:
    """Return the styles that put a hue in the place of the pine, in light, in dark and on paper."""
    light = f"--pine: {hue}; --on-pine: {ON_LIGHT};"
    dark = f"--pine: {for_dark(hue)}; --on-pine: {ON_DARK};"
    return (
        f":root {{ {light} }}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {dark} }} }}\n'
        f':root[data-theme="dark"] {{ {dark} }}\n'
        f'@media print {{ :root, :root[data-theme="dark"], :root:not([data-theme="light"]) {{ {light} }} }}\n'
    )
