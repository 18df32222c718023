"""Tmall's two seller reports: Taobao's files, taken twice over the whole span.

Belongs here: when they are taken. Does not: their columns (`taobao`).
"""

from __future__ import annotations

from orchestration.sample import brand
from orchestration.sample.exports import halves
from orchestration.sample.outbox import Outbox
from orchestration.sample.tables import body_lines, header_line
from orchestration.sample.taobao import item_cells, order_cells, place
from orchestration.sample.world import World


def write_tmall(world: World, outbox: Outbox) -> None:
    """Orders and items of each half."""
    for window, rows, view in halves(world, brand.TMALL):
        reports = (("orders", "ExportOrderList", order_cells(world, rows, view, brand.TMALL)),
                   ("order_items", "ExportOrderDetailList", item_cells(world, rows, view, newer=True)))
        for export, stem, cells in reports:
            name = place(export, window, stem, platform=brand.TMALL)
            outbox.lines(name, header_line(cells, quoted=True), body_lines(cells), "gb18030")
