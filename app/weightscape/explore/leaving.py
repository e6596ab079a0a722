"""Leaving the program: Esc has to be pressed twice, and whoever would lose a picture is asked. Time is handed in."""

# Who was told has so long to say so again.
LEAVE_S = 2.0


class Leaving:
    """Remember what the user was told about leaving."""

    def __init__(self) -> None:
        self._told_until, self._warned_until = 0.0, 0.0
        self.is_hurried = False  # what is being saved is not to be waited for

    def asked(self, now_s: float, is_saving: bool, is_sure: bool) -> str:
        """Tell what to say to somebody who wants to leave; "": nothing, let them go."""
        if not is_sure and now_s >= max(self._told_until, self._warned_until):
            self._told_until = now_s + LEAVE_S
            return "Esc again, or Ctrl+Q, quits"
        if is_saving and now_s >= self._warned_until:
            self._warned_until = now_s + LEAVE_S
            return "still saving a picture: once more quits without it"
        self.is_hurried = is_saving
        return ""
