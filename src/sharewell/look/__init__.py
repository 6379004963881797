"""The one look of pages that need no other file: frame, style, tables and drawings.

Start with ``pages.render``: a template that extends ``page.html`` of ``templates/`` and imports the macros of
``parts.html``. What a page shows is told in ``terms`` (sections with drawings and tables); drawings are made
of ``svg``'s primitives and ``bars``. Nothing here knows what the pages are about (docs/adr/0009).
"""
