"""Our own cluster: `python -m playground.engine` as a subprocess of the web server."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from distributed import Security

# A worker that trains is given this long to end.
_END_SECONDS = 5


class OwnCluster:
    """The subprocess: started when its address is asked for, ended by closing its stdin.

    Args:
        home: where it keeps what is compiled.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._process: subprocess.Popen[str] | None = None
        self._address: tuple[str, Security] | None = None

    @property
    def ended(self) -> bool:
        """Whether it was started and has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def address(self) -> tuple[str, Security]:
        """Where its scheduler is, and the certificate that lets a client in.

        Raises:
            ConnectionError: it ended before it had started.
        """
        if self.ended:
            self.end()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "playground.engine"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).parents[2],
                env={**os.environ, "PLAYGROUND_HOME": str(self._home)},
            )
        if self._address is None:
            assert self._process.stdout is not None
            line = self._process.stdout.readline()
            if not line:
                raise ConnectionError("the engine ended before it had started")
            told = json.loads(line)
            self._address = told["address"], client_security(told["certificate"], told["key"])
        return self._address

    def end(self) -> None:
        """End it, with all its workers."""
        process, self._process, self._address = self._process, None, None
        if process is None:
            return
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended
            process.stdin.close()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def client_security(certificate: str, key: str) -> Security:
    """What a client needs to be let in: the cluster's certificate and its key, both PEM."""
    return Security(
        require_encryption=True,
        tls_ca_file=certificate,
        tls_client_cert=certificate,
        tls_client_key=key,
    )
