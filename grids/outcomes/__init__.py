"""What became of matters: shares as data (`formulas`), and how matters, steps and closings are counted into them."""
