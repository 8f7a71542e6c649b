"""How notebooks show styles: HTML of a picture with a name and a line below it."""

import base64
import html
from collections.abc import Iterable

_SIDE = 128  # px of a card's picture


def card(name: str, line: str, jpeg: bytes | None) -> str:
    """Return the HTML of one style.

    Args:
        name: The style's name.
        line: What is told of it; may be empty.
        jpeg: A JPEG file of it, or None.
    """
    image = ""
    if jpeg:
        data = base64.b64encode(jpeg).decode()
        place = f'alt="{html.escape(name)}" width="{_SIDE}"'
        image = f'<img src="data:image/jpeg;base64,{data}" {place}>'
    shape = f"display:inline-block;width:{_SIDE}px;margin:4px;vertical-align:top"
    shape += ";overflow-wrap:anywhere"
    title = html.escape(name).replace("_", "_<wbr>")  # where it may go on below
    words = f"<b>{title}</b><br><small>{html.escape(line)}</small>"
    return f'<div style="{shape}">{image}<div>{words}</div></div>'


def sheet(cards: Iterable[str]) -> str:
    """Return the HTML of several styles, side by side."""
    return f"<div>{''.join(cards)}</div>"
