"""The course secret, from which the inputs of every graded run are drawn.

It is made once, readable by its owner only, and never enters an output; results carry `seed_id`,
which tells whether two of them were drawn from the same secret and nothing about the secret.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from kit.errors import UsageError

ENVIRONMENT = "KIT_SECRET_FILE"
LEAST_BYTES = 16


def default_path() -> Path:
    """Where the secret lies unless it is said otherwise."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named) if named else Path.home() / ".config" / "dl-assignment-kit" / "secret"


def course_secret(path: Path | None = None) -> bytes:
    """The secret in `path`, else in the file that the environment names, else in the user's own.

    Only the user's own file is made when it is missing: a path that was named must be there.

    Raises:
        UsageError: the named file is missing or too short to be a secret.
    """
    chosen = path or default_path()
    if not chosen.exists() and path is None and ENVIRONMENT not in os.environ:
        _create(chosen)
    try:
        secret = chosen.read_bytes().strip()
    except OSError as error:
        raise UsageError(f"the secret file {chosen} cannot be read: {error.strerror}") from None
    if len(secret) < LEAST_BYTES:
        raise UsageError(
            f"the secret file {chosen} holds fewer than {LEAST_BYTES} bytes; write a longer one"
        )
    return secret


def seed_id(secret: bytes) -> str:
    """A public name of the secret: results with equal ids were drawn from equal inputs."""
    return hmac.new(secret, b"id", hashlib.sha256).hexdigest()[:8]


def _create(path: Path) -> None:
    """Make it, whole or not at all; of several runs that do so at once the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".secret.")  # 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32) + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
