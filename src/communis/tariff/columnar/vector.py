"""Formulas evaluated for all members at once, over integers, exactly: the plan’s half of what `exact` does one by one."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, Column
from communis.tariff.columnar.frames import Frame, NotPlanned
from communis.tariff.columnar.scales import Scales
from communis.tariff.interpreter.values import Context
from communis.tariff.meaning.tree import Node


class Vector(Scales):
    """A plan on given members: the value of any formula, and of any rule by its name."""

    def value(self, node: Node, frame: Frame) -> Column:
        name, offer, year, of = node.data
        if of is not None:
            raise NotPlanned(f"{name} of {of}")
        if year is not None or offer is not None:
            if frame.base is not None:
                raise NotPlanned(f"{name} of another exercise or offer at the date of an event")
            wanted = self.reader.year(year, Context(frame.year)) if year is not None else frame.year
            frame = self.frame(wanted, offer or frame.offer)
        return self.named(name, node, frame)

    def named(self, name: str, node: Node, frame: Frame) -> Column:
        if name in self.book.scales:
            return self.scale(name, node, frame)
        if name in self.book.quantities:
            typed = self.model.rules[name]
            assert typed.formula is not None
            if frame.prorata:  # that of a line, not of the values it reads
                if "whole" not in frame.kept:
                    frame.kept["whole"] = replace(frame, prorata="", memo={}, run_memo={}, kept={})
                    self.special.append(frame.kept["whole"])
                frame = frame.kept["whole"]
            memo = frame.run_memo
            kept = memo.get(id(typed))
            column = kept if kept is not None else self.evaluate(typed.formula, frame)
            memo[id(typed)] = column
            if not typed.holders:
                return column
            holding = np.logical_or.reduce([self.held(o, frame.year) for o in typed.holders])
            if frame.owners is not None:
                holding = holding[frame.owners]
            shape = c.shape_of(column, Column(holding))
            return c.spread(column, shape).with_flags(np.where(holding, c.marks_of(column, shape), np.uint8(NONE)))
        return self.billed(name, frame)

    @abstractmethod
    def billed(self, name: str, frame: Frame) -> Column:
        """Return a line, a credit, a limit or the opening of an allowance, as a formula reads it."""

    operations = {**Scales.operations, "value": value}
