"""Reports: analyses as a page of HTML or a table on a terminal."""
