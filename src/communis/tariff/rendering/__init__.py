"""What a person reads of a result: statements in HTML and XLSX, tables for a terminal. Only here: rich and XlsxWriter."""
