"""Who may give jobs: those who know the token, or all where only this computer can ask.

A program sends the token as `Authorization: Bearer TOKEN`. A page sends it once and is
given a cookie, so that pictures and downloads have plain addresses. It is never part of
an address, because addresses are logged.
"""

import ipaddress
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from flask import Response, request
from werkzeug.exceptions import Forbidden, Unauthorized

from fast_style import files

COOKIE = "fast_style_jobs"
SECONDS = 30 * 86400  # that a browser keeps the cookie


class Access:
    """Lets requests through that may give jobs, or see them.

    Args:
        token: What clients must know; None lets all through who ask this computer by
            a name of its own. Another site's page could make a browser ask it by a name
            of that site.
    """

    def __init__(self, token: str | None) -> None:
        self.token = token

    def check(self) -> None:
        """Raise an error unless the present request may pass.

        Raises:
            Unauthorized: It has no token, or a wrong one.
            Forbidden: It comes by a foreign name.
        """
        if self.token is None:
            name = urlsplit(f"//{request.host}").hostname or ""
            if not is_own(name):
                raise Forbidden(
                    f"Jobs are given under a name of this computer, not '{name}'. "
                    "Open http://localhost."
                )
        elif not self.knows():
            raise Unauthorized(
                "Jobs need the token that the server printed at its start. Send it as "
                "Authorization: Bearer TOKEN."
            )

    def knows(self) -> bool:
        """Return whether the present request has the token, or needs none."""
        if self.token is None:
            return True
        sent = request.authorization
        words = [sent.token if sent and sent.type == "bearer" else None]
        words.append(request.cookies.get(COOKIE))
        return any(self.is_right(word) for word in words)

    def is_right(self, word: str | None) -> bool:
        """Return whether a word is the token, in a time that tells nothing of it."""
        token = (self.token or "").encode()
        return word is not None and secrets.compare_digest(word.encode(), token)

    def remember(self, response: Response) -> Response:
        """Give the present client the token as a cookie that no script can read."""
        response.set_cookie(
            COOKIE,
            self.token or "",
            max_age=SECONDS,
            path=f"{request.script_root}/api",
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )
        return response


def token_in(path: Path) -> str:
    """Return the token in a file, which is made if it is missing.

    So browsers that were given it keep it when the server is started again.
    """
    if not path.exists():
        with files.replacing(path, "w") as file:
            path.parent.chmod(0o700)
            file.write(secrets.token_urlsafe(24) + "\n")
    return path.read_text().strip()


def is_own(host: str) -> bool:
    """Return whether a host's name or address is this computer's own, for it alone."""
    host = host.lower()
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
