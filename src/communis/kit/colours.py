"""Contrast of colours, as WCAG 2 reckons it, and the shade of a hue that dark pages need."""

from __future__ import annotations

from decimal import Decimal

Shade = tuple[int, int, int]
READABLE = Decimal("4.5")  # WCAG 2.2, 1.4.3, for text of any size
LIGHT = ("#FFFFFF", "#F3F6F5", "#E8EEEC")  # surface, page, surface 2: what a colour is read on, and what is read on it
DARK = ("#162428", "#0F1A1D", "#1E3035")
ON_LIGHT, ON_DARK = "#FFFFFF", "#0F1A1D"
_STEPS = 100


def shade(colour: str) -> Shade:
    """Read « #0B5D5E »."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> Decimal:
    red, green, blue = (_linear(part) for part in shade(colour))
    return Decimal("0.2126") * red + Decimal("0.7152") * green + Decimal("0.0722") * blue


def _linear(part: int) -> Decimal:
    value = Decimal(part) / 255
    return (
        value / Decimal("12.92")
        if value <= Decimal("0.04045")
        else ((value + Decimal("0.055")) / Decimal("1.055")) ** Decimal("2.4")
    )


def contrast(one: str, other: str) -> Decimal:
    """Return the ratio of contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + Decimal("0.05")) / (darker + Decimal("0.05"))


def least_contrast(colour: str, grounds: tuple[str, ...]) -> Decimal:
    """Return the ratio on the ground where a colour is least readable."""
    return min(contrast(colour, ground) for ground in grounds)


def for_dark(colour: str) -> str:
    """Return the same hue, whitened just enough to be read on dark pages; white at worst, which always is."""
    for step in range(_STEPS + 1):
        mixed = "#" + "".join(f"{part + (255 - part) * step // _STEPS:02X}" for part in shade(colour))
        if least_contrast(mixed, (*DARK, ON_DARK)) >= READABLE:
            return mixed
    return "#FFFFFF"
