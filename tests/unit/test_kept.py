"""What is worked out once is worked out once, also on what cannot be changed."""

from dataclasses import dataclass, field, replace

from reminders.kept import kept


@dataclass(frozen=True, kw_only=True)
class Looked:
    number: int
    asked: list[int] = field(default_factory=list)

    @kept
    def double(self) -> int:
        """Twice the number."""
        self.asked.append(self.number)
        return 2 * self.number


def test_it_is_worked_out_at_the_first_look_and_no_more() -> None:
    looked = Looked(number=21)
    assert looked.asked == []
    assert (looked.double, looked.double, looked.asked) == (42, 42, [21])


def test_each_object_has_its_own() -> None:
    looked = Looked(number=1)
    assert looked.double == 2
    assert replace(looked, number=2).double == 4


def test_the_class_tells_what_it_is() -> None:
    assert isinstance(Looked.double, kept) and Looked.double.__doc__ == "Twice the number."
