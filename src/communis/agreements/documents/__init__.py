"""Documents made ready: finished values, then a DOCX from the pool’s own template and a PDF from ours (DOC-12 to DOC-23)."""
