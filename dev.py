#!/usr/bin/env python3
"""Unfold's one command: serve the article, test it, build the site.

    python3 dev.py serve      fetch what the page needs (once), serve the article, print its address
    python3 dev.py test       set up what the tests need (once), run every test

Both keep working with no network once they have run. `python3 dev.py --help` tells of the rest. Needs Python
3.11 or newer and its standard library, nothing else.
"""

import sys

if sys.version_info < (3, 11):  # before anything that an older Python could not read
    sys.exit("Unfold needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])

import argparse
from pathlib import Path
from urllib.parse import urlsplit

from tools import embeds, environment, runtime, server, shipped, site


def serve(options):
    """Serve the article from this checkout until Ctrl-C."""
    runtime.fetch()
    server.serve(runtime.ROOT, options.port, shipped.AS_IT_IS | embeds.MADE)


def test(options):
    """Run the tests: lint and types, then unit, parity and browser tests, or one of the three alone."""
    runtime.fetch()
    python = environment.prepare()
    environment.run_tests(python, options.suite, options.arguments)


def build(options):
    """Write the static site, ready for any host and any sub-path."""
    runtime.fetch()
    if options.words:
        paths = [str(Path(path).resolve()) for path in (options.words, options.out)]
        where = [options.address] if options.address else []
        environment.run(environment.prepare(), "-m", "tools.translation", *paths, *where)
        return
    count, size = site.build(options.out, address=options.address)
    print(f"{options.out}: {count} files, {size / 1e6:.1f} MB")


def fetch(_options):
    """Fetch and verify what the page runs on, and nothing more."""
    runtime.fetch()


def in_environment(*modules):
    """Return a command that runs some of our modules with the locked packages."""

    def run(options):
        runtime.fetch()
        for module in modules:
            environment.run(environment.prepare(), "-m", module.format(**vars(options)), *options.arguments)

    return run


def port(text):
    """Return the port that the text names; argparse makes the message of what is wrong."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is not allowed; allowed are 0 (any free one) to 65535")
    return int(text)


def address(text):
    """Return the address, with a slash at its end; argparse makes the message of what is wrong."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or " " in text:
        raise argparse.ArgumentTypeError(
            f"{text} is not allowed; allowed is a whole one, as https://you.example/unfold/"
        )
    return text.rstrip("/") + "/"


def parser():
    """Return the command line."""
    top = argparse.ArgumentParser(prog="dev.py", description="Unfold's one command.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, text, run, rest=False):
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run, arguments=[])
        if rest:
            sub.usage = f"dev.py {name} [options] [-- arguments]"
        return sub

    sub = command("serve", "fetch and verify the runtime, serve the article, print its address", serve)
    sub.add_argument("--port", type=port, default=8000, help="the usual port (default 8000); a free one if it is taken")
    sub = command("test", "set up everything the tests need and run them", test, rest=True)
    sub.add_argument(
        "suite", nargs="?", choices=environment.SUITES, help="only these (default: all, and lint and types)"
    )
    sub = command("build", "write the static site", build)
    sub.add_argument("--out", default="_site", help="the folder to write (default _site)")
    sub.add_argument(
        "--address", type=address, help="where it will be read, such as https://you.example/unfold/ (optional)"
    )
    sub.add_argument("--words", help="a translation to build it with, such as words/de.po (optional)")
    command("fetch", "fetch and verify the runtime, nothing more", fetch)
    command(
        "page",
        "write the figures' HTML into index.html, and their words into words/unfold.pot, anew",
        in_environment("tools.markup", "tools.translation"),
    )
    command("kernel", "compile the training kernel anew", in_environment("tools.kernel"))
    command(
        "posters",
        "draw the posters that are out of date; -- all: every one",
        in_environment("tools.posters"),
        rest=True,
    )
    command("icons", "draw the icons and the picture for previews of links anew", in_environment("tools.icons"))
    sub = command("bench", "measure, beside a peer in the same run", in_environment("benchmarks.{name}"), rest=True)
    sub.add_argument(
        "name",
        nargs="?",
        default="page",
        choices=("page", "figures", "engine", "embeds", "lighthouse"),
        help="what to measure",
    )
    return top


def main(arguments):
    """Run one command; a problem that has a name ends in one line, not in a traceback."""
    own, _, rest = (arguments, None, []) if "--" not in arguments else _split(arguments)
    options = parser().parse_args(own)
    options.arguments = rest
    try:
        options.run(options)
    except runtime.Problem as problem:
        sys.exit(f"dev.py {options.command}: {problem}")
    except KeyboardInterrupt:
        sys.exit("\nStopped.")


def _split(arguments):
    at = arguments.index("--")
    return arguments[:at], "--", arguments[at + 1 :]


if __name__ == "__main__":
    main(sys.argv[1:])
