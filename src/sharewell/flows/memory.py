"""How much memory this process has reached, by step where the machine can tell."""

from __future__ import annotations

import contextlib
from pathlib import Path

RESET, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
RESET_PEAK = "5"


def forget_peak() -> None:
    """Start counting the peak anew, where the machine is Linux and lets us."""
    with contextlib.suppress(OSError):
        RESET.write_text(RESET_PEAK)


def peak_mb() -> float:
    """Return the most memory held since ``forget_peak``, in MB; 0 where it cannot be told."""
    with contextlib.suppress(OSError):
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
