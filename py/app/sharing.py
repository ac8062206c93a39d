"""Links to a figure's state, and the HTML that shows it elsewhere. MicroPython, on the page."""

import asyncio

import here

LONG_ENOUGH = 2.6  # seconds a passing note such as “Link copied” stays


def share(figure):
    """Put a link to a figure's state in the address bar and on the clipboard, and say so."""
    address = f"{article_of(figure)}#{figure.name}"
    if figure.link:
        address += "?" + figure.link
    if not figure.alone:
        here.window.history.replaceState(None, "", address)
    refused = "Nothing can be copied here" if figure.alone else "The link is in the address bar"
    copy(figure, address, "Link copied", refused)


def embed(figure):
    """Put on the clipboard the HTML that shows a figure, in this state, on a page of the reader's own."""
    source = figure.window.URL.new("./assets/embed.js", article_of(figure)).href
    state = f' state="{figure.link.replace("&", "&amp;")}"' if figure.link else ""
    code = f'<script async src="{source}"></script>\n<unfold-figure name="{figure.name}"{state}></unfold-figure>\n'
    copy(figure, code, "Embed code copied", "Nothing can be copied here")


async def unsay(note):
    """Take a passing note away. A timer of the page's own would end asyncio's, which asks for the same function."""
    await asyncio.sleep(LONG_ENOUGH)
    note.textContent = ""


def article_of(figure):
    """Return the article's address, without any settings."""
    here = figure.window.location.href.split("#")[0]
    article = figure.html.getAttribute("data-article")  # a frame's page says it
    return figure.window.URL.new(article, here).href if article else here


def copy(figure, text, done, refused):
    """Put a text on the clipboard and say that it is done, or what to say where that is refused."""

    def tell(words):
        note = figure.element.querySelector(".note")
        note.textContent = words
        figure.unsaying = asyncio.create_task(unsay(note))

    def otherwise(*_):
        tell(done if copied_by_hand(figure.document, text) else refused)

    clipboard = getattr(figure.window.navigator, "clipboard", None)
    if clipboard:
        clipboard.writeText(text).then(lambda *_: tell(done), otherwise)
    else:
        otherwise()


def copied_by_hand(place, text):
    """Copy a text the old way, where a page that is not secure has no clipboard; return whether that worked."""
    box = place.createElement("textarea")
    box.value = text
    place.body.append(box)
    box.select()
    done = place.execCommand("copy")
    box.remove()
    return done
