"""The running page: the worker that owns the figures, the page that owns the document, and their messages."""
