"""What can go wrong with a rule, a start time or a profile. The message is Swedish and meant for the user."""


class RuleError(ValueError):
    """A deadline could not be computed; the message says why and what would do."""


class UnknownRule(RuleError):
    """No municipality has a rule with this name."""


class RuleNotInProfile(RuleError):
    """The rule exists, but not in this municipality's routine."""


class NotAnInstant(RuleError):
    """The rule is a question or a route and has a function of its own (`D04`, `D05`, `D22`, `D27`, `D28`)."""


class BadSince(RuleError):
    """The start is unreadable or refused by the rule (`D12` in office hours, `D24`–`D26` on a closed day)."""


class ProfileError(ValueError):
    """One or more profile values are wrong: every fault with file, key and what is allowed, one per line."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class UnknownProfile(ProfileError):
    """There is no profile with this name."""
