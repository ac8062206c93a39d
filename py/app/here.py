"""The document that this runs in, and what its reader prefers. MicroPython, on the page.

There is none while this is imported: the page's memory is pictured with all its modules in it, before any reader comes.
"""

import js

document = window = html = None
framed = False
dark = paper = still = None


def arrive():
    """Look around, when the page begins."""
    global document, window, html, framed, dark, paper, still
    document, window = js.document, js.window
    html = document.documentElement
    framed = html.hasAttribute("data-article")  # one figure alone in a frame of somebody's page (assets/frame.js)
    asked = r"(prefers-color-scheme:dark)", r"print", r"(prefers-reduced-motion:reduce)"
    dark, paper, still = (window.matchMedia(query) for query in asked)
