"""Compile the training kernel: `python -m tools.kernel` writes py/unfold/kernel.wasm from kernel/train.c.

The compiler is the `ziglang` package, pinned in requirements.lock; a test compiles again and compares bytes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "kernel" / "train.c"
RESULT = ROOT / "py" / "unfold" / "kernel.wasm"
FLAGS = [
    *("--target=wasm32-freestanding", "-std=c11", "-Wall", "-Wextra", "-Werror", "-O3", "-msimd128"),
    *("-ffreestanding", "-fno-builtin", "-fno-math-errno", "-nostdlib"),
    *("-fno-unroll-loops", "-fno-slp-vectorize"),  # the loops are short: unrolled they are slower
    *("-Wl,--no-entry", "-Wl,--import-memory", "-Wl,--strip-all", "-Wl,--export=train", "-Wl,-z,stack-size=65536"),
]


def compile_to(path: Path) -> None:
    """Compile the kernel; raises CalledProcessError where the compiler finds fault."""
    subprocess.run([sys.executable, "-m", "ziglang", "cc", *FLAGS, str(SOURCE), "-o", str(path)], check=True)


if __name__ == "__main__":
    compile_to(RESULT)
    print(f"{RESULT.relative_to(ROOT)}: {RESULT.stat().st_size} bytes")
