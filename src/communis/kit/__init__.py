"""The web furniture: components, base pages, formats. No domain word."""
