"""Choices drawn from bytes: whoever gives the bytes decides what comes out, be it a seed, Hypothesis or Atheris."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

# The Tax Agency's published test numbers, as people write them: none of them may ever be kept or told again.
NUMBERS = (
    "191212121212", "19121212-1212", "121212-1212", "121212+1212", "12 12 12 12 12", "198112189876", "811218-9876",
)  # fmt: skip

WORDS = (
    "", " ", "Ja", "Nej", "Vet inte", "ja", "true", "1", "0", "-1", "7", "999999999", "1" * 40, "1e400", "NaN", "null",
    "NK-2041", "nk 2077", "NK-2042", "NK-9999", "ST-AAAA", "start", "mina", "hjälp", "avsluta", "sök NK-2041", "jour",
    "nöd ST-AAAA", "2026-11-17", "2026-02-30", "0000-00-00", "9999-12-31", "2026-11-17T09:00:00+14:00", "24:00",
    "09:00", "7:5", "-00:01", "å" * 600, "x" * 5_000, "𝔘𝔫𝔦", "e\u0301" * 50, "\u202eabc\u2066", "\u200b\ufeff",
    "\u0000",
    "\ud800", "\ufffe", "\x1b[31m", "\r\nBcc: a@exempel.invalid", "a\nb\tc\x0b\x0c\x85\u2028", "😀" * 300, "ﷺ" * 200,
    "=HYPERLINK(\"x\")", "+1", "@SUM(A1)", "-2+3", "\t=1", "<at>Stafett</at>", "<script>x</script>", "&lt;&#0;",
    "[här](javascript:x)", "![x](data:x)", "{{DATE(2026-11-16)}}", "${host}", "{0}", "%s%n", "'; DROP TABLE thread; --",
    "%", "_", "\\", "../../../x", "C:\\x", "file:///x", "١٢٣", "²", "１２３", "½", "İıſßŉ", "_id", "__class__",
    "verb", "thread",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 7, 2**31, 2**63, -(2**63) - 1, 10**30, 0.5, -0.0, 1e308, 5e-324, [], {}, [[]], [None],
    {"": ""}, {"a": {"b": [1, {"c": None}]}}, ["Ja", 1], {"thread": 1}, [[[[[[]]]]]],
)  # fmt: skip


class Draw:
    """Reads its bytes from the front; when they are gone every choice is the first."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self.numbers = False  # whether a personal number has been put in

    def byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def below(self, limit: int) -> int:
        """A number from 0 up to, not including, `limit`."""
        if limit <= 256:
            return self.byte() % limit
        return (self.byte() << 16 | self.byte() << 8 | self.byte()) % limit

    def once_in(self, many: int) -> bool:
        """True about once in so many times, and never when the bytes are gone."""
        return self.below(many) == many - 1

    def pick(self, among: Sequence[T]) -> T:
        return among[self.below(len(among))]

    def rest(self, most: int) -> bytes:
        """The next bytes as they are."""
        found = self._data[self._at : self._at + most]
        self._at += len(found)
        return found

    def word(self) -> str:
        """Something written."""
        kind = self.below(16)
        if kind == 0:
            self.numbers = True
            return self.pick(("", "Ring om ", "NK-")) + self.pick(NUMBERS) + self.pick(("", ".", " i dag"))
        if kind == 1:
            return self.rest(12).decode("latin-1")
        if kind == 2:
            return self.rest(12).decode("utf-8", "replace")
        if kind == 3:
            return self.pick(WORDS) + self.pick(WORDS)
        return self.pick(WORDS)

    def value(self) -> Any:
        """Something that JSON can carry."""
        return self.pick(ODD) if self.once_in(3) else self.word()

    def changed(self, whole: Any, other: Callable[[], Any]) -> Any:
        """A copy of `whole` with one thing in it replaced, taken away or added."""
        if isinstance(whole, Mapping) and whole and not self.once_in(8):
            key = self.pick(sorted(whole, key=str))
            match self.below(8):
                case 0:
                    return {name: one for name, one in whole.items() if name != key}
                case 1:
                    return {**whole, (self.word() or "x"): other()}
                case _:
                    return {**whole, key: self.changed(whole[key], other)}
        if isinstance(whole, list) and whole and not self.once_in(8):
            at = self.below(len(whole))
            match self.below(6):
                case 0:
                    return [*whole[:at], *whole[at + 1 :]]
                case 1:
                    return [*whole, whole[at]]
                case _:
                    return [*whole[:at], self.changed(whole[at], other), *whole[at + 1 :]]
        return other()

    def spoilt(self, raw: bytes) -> bytes:
        """Bytes with some of them changed, cut out, doubled or put in."""
        for _ in range(1 + self.below(4)):
            if not raw:
                return self.rest(40)
            at, length = self.below(len(raw)), 1 + self.below(32)
            match self.below(6):
                case 0:
                    raw = raw[:at] + bytes([self.byte()]) + raw[at + 1 :]
                case 1:
                    raw = raw[:at] + raw[at + length :]
                case 2:
                    raw = raw[:at] + raw[at : at + length] * 3 + raw[at + length :]
                case 3:
                    raw = raw[:at]
                case 4:
                    raw = raw[:at] + self.pick(WORDS).encode("utf-8", "surrogatepass") + raw[at:]
                case _:
                    raw = raw[:at] + bytes([raw[at] ^ (1 << self.below(8))]) + raw[at + 1 :]
        return raw
