"""The article's start, its answer to a drag, its bytes and its memory, beside a stock PyScript page."""
