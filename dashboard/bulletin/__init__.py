"""The bulletin 通报: one set of figures as a page, a print and a workbook, frozen once issued."""
