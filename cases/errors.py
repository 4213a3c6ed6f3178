"""What the record refuses. Every text is Swedish and may be shown to the person who asked."""


class RecordError(Exception):
    """The record did not do what was asked; nothing was written."""


class UnknownThread(RecordError):
    """There is no such thread, or none that this person may know of: the same answer for both."""

    def __init__(self) -> None:
        super().__init__("Det finns inget meddelande med den beteckningen som du kan öppna. Kontrollera beteckningen.")


class IllegalMove(RecordError):
    """The flow's table has no such move in the thread's present state. Nothing was written."""

    def __init__(self, flow: str, state: str, signal: str) -> None:
        super().__init__("Läget har ändrats sedan kortet visades. Här är läget nu.")
        self.flow, self.state, self.signal = flow, state, signal


class PassChanged(IllegalMove):
    """The on-call pass is no longer as it was when its swap was proposed. Nothing was written."""

    def __init__(self, flow: str, state: str, signal: str) -> None:
        RecordError.__init__(self, "Passet har ändrats i schemat, eller har börjat. Bytet kan inte göras som det står.")
        self.flow, self.state, self.signal = flow, state, signal


class AccessChanged(IllegalMove):
    """The access that was asked for can no longer be given as it stands. Nothing was written."""

    def __init__(self, flow: str, state: str, signal: str) -> None:
        RecordError.__init__(
            self, "Registret har ändrats sedan ansökan gjordes. Behörigheten kan inte ges som den står."
        )
        self.flow, self.state, self.signal = flow, state, signal


class AlreadyGiven(IllegalMove):
    """What is asked of each once has been answered by this person. Nothing was written."""

    def __init__(self, flow: str, state: str, signal: str) -> None:
        RecordError.__init__(self, "Du har redan svarat.")
        self.flow, self.state, self.signal = flow, state, signal


class Denied(RecordError):
    """The person may not make this move. Nothing was written but the audit row."""

    def __init__(self, thread_id: int | None, signal: str, reason: str) -> None:
        super().__init__("Du kan inte göra det här. Fråga din chef om du behöver behörighet.")
        self.thread_id, self.signal, self.reason = thread_id, signal, reason


class NobodyReceives(RecordError):
    """An assessor's message that the roster has nobody at all to receive. Nothing was written."""

    def __init__(self) -> None:
        super().__init__("Ingen mottagare finns i registret, så meddelandet är inte skickat. Ring i stället.")


class RelatedFault(RuntimeError):
    """A flow opens another in a way that the other refuses: a fault of the flow, which no person can mend."""


class AnswerMissing(RecordError):
    """The move that applies now needs an answer that was not given. Nothing was written."""

    def __init__(self, field: str, label: str) -> None:
        super().__init__(f"Svar saknas: {label}")
        self.field, self.label = field, label


class AnswerRefused(AnswerMissing):
    """The routine's own rule refuses the answer, such as a grant by the jour in office hours. Nothing was written."""

    def __init__(self, field: str, why: str) -> None:
        RecordError.__init__(self, why)
        self.field, self.label = field, why
