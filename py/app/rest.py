"""Modules that no start needs stand in archives of their own, which are fetched when one of them is imported."""

import gzip
import hashlib
import json
import sys
from importlib.machinery import PathFinder
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

STDLIB = Path("/lib/python314.zip")
"""Where the interpreter's picture remembers the standard library."""
SITE = Path("/lib/python3.14/site-packages")
"""And numpy."""
FOLDER = Path("/lib/rest")


class Finder:
    """Brings what is imported for the first time: what the picture that Python began with leaves out, or the rest."""

    def __init__(self, address, stdlib_hash):
        self.address, self.stdlib_hash = address, stdlib_hash
        names = json.loads(Path(__file__).with_name("modules.json").read_text("utf-8"))
        self.stdlib, self.numpy, self.rest = set(names["stdlib"]), set(names["numpy"]), set(names["rest"])

    def find_spec(self, name, _path=None, _target=None):
        """Return where a module of the rest stands; leave the others to Python, once they are there."""
        if name in self.stdlib:
            self.bring_stdlib()
        if name in self.numpy:
            self.bring_numpy()
        if name not in self.rest:
            return None
        self.bring_rest()
        parent = name.rpartition(".")[0].replace(".", "/")
        return PathFinder.find_spec(name, [str(FOLDER / parent)])

    def bring_stdlib(self):
        """Put the standard library in its place."""
        names, self.stdlib = self.stdlib, set()
        try:
            data = gzip.decompress(self.fetch("stdlib.bin"))
            if hashlib.sha256(data).hexdigest() != self.stdlib_hash:
                raise ImportError("this page has changed since it was loaded; load it again")
            STDLIB.write_bytes(data)
        except BaseException:
            self.stdlib = names  # the next import tries again
            raise

    def bring_numpy(self):
        """Unpack numpy's Python, of which the picture holds what is imported already."""
        unpack(gzip.decompress(self.fetch("numpy.bin")), SITE)
        self.numpy = set()

    def bring_rest(self):
        """Unpack the rest, once."""
        if not FOLDER.exists():
            unpack(self.fetch("rest.zip"), FOLDER)

    def fetch(self, name):
        """Return a file of the site, waiting for it: an import cannot do otherwise."""
        import js  # the tests have none

        request = js.XMLHttpRequest.new()
        request.open("GET", self.address + name, False)
        request.responseType = "arraybuffer"
        request.send()
        if request.status != 200:
            raise ImportError(f"{name} cannot be fetched: the server answers {request.status}")
        return request.response.to_bytes()


def unpack(archive, folder):
    """Put the files of an archive in their places, where Python looks for them anew."""
    ZipFile(BytesIO(archive)).extractall(folder)
    sys.path_importer_cache.clear()


def install(address, stdlib_hash):
    """Let imports find the rest at this address; a hash tells with which standard library Python's picture goes."""
    finder = Finder(address, stdlib_hash)
    if not stdlib_hash:
        finder.stdlib = finder.numpy = set()
    sys.meta_path.insert(0, finder)
