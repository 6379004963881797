"""The text that an XML parser has been given and that has not been counted yet."""

from __future__ import annotations


class Window:
    """Text by its places in what the parser has been given. Taking from its front costs what is taken."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._text, self._base, self._at = bytearray(), 0, 0

    def __len__(self) -> int:
        return len(self._text) - self._at

    def add(self, text: bytes) -> None:
        """Take in what the parser is given next."""
        del self._text[: self._at]
        self._base += self._at
        self._at = 0
        self._text += text

    def take_to(self, place: int) -> str:
        """Return the text up to one of the parser's places; nothing where it has been taken before."""
        return self.take(place - self._base - self._at)

    def take(self, size: int) -> str:
        """Return the next bytes as text."""
        end = self._at + max(0, size)
        text = self._text[self._at : end].decode("utf-8", "replace")
        self._at = min(end, len(self._text))
        return text

    def take_all(self) -> str:
        """Return everything as text."""
        return self.take(len(self))

    def see(self, size: int | None = None) -> str:
        """Return the next bytes as text without taking them; all of them where no size is told."""
        return self._text[self._at : None if size is None else self._at + size].decode("utf-8", "replace")

    def after_tags(self) -> int:
        """Return how many bytes there are up to the end of the last tag."""
        return max(0, self._text.rfind(b">") + 1 - self._at)

    def end_of_tag(self, place: int) -> int:
        """Return the parser's place after the closing tag that begins at one; the same where none does."""
        at = place - self._base
        return self._text.find(b">", at) + 1 + self._base if self._text.startswith(b"</", at) else place

    def find_tag(self, tag: bytes, place: int) -> int | None:
        """Return how many bytes there are up to the next start tag of a name, from a place on."""
        start = max(place - self._base, self._at)
        ends = (b">", b" ", b"\n", b"\t", b"/")
        places = [self._text.find(b"<" + tag + end, start) - self._at for end in ends]
        return min((found for found in places if found > 0), default=None)

    def restart(self, given: int) -> bytes:
        """Return what has not been taken, to give to a new parser that has been given so many bytes."""
        text = bytes(self._text[self._at :])
        self._text, self._base, self._at = bytearray(), given, 0
        return text
