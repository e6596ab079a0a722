"""What is wrong with a scene, said once for command line, window and Python."""


class SceneError(ValueError):
    """A scene that cannot be: `field` names the culprit, `reason` tells value and range."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason
