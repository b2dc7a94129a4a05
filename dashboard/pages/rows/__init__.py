"""/rows: the rows behind a figure, page by page, and one matter's steps. Plain HTML: a link shows the same to all."""
