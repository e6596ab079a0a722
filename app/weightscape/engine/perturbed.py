"""What the two engines of the GPU have in common about precision: which questions they take, and their answers."""

from weightscape.engine.question import EngineError, Field, Question, Values, plain
from weightscape.gpu.step_store import is_clamped


def checked(question: Question, engine: str) -> None:
    """Raise EngineError for a question that float32 cannot answer."""
    if question.perturbation and question.perturbation.wide:
        raise EngineError(f"this view needs differences in double precision, the {engine} engine has single ones: "
                          "use --engine numpy")  # fmt: skip
    if question.precision == "double":
        raise EngineError(f"the {engine} engine computes in single precision; use --engine numpy for double")


def variant(question: Question, activation: str, output: str = "") -> dict[str, str | int]:
    """Tell shaders by define what stands for the activations: functions of activation.glsl or difference.glsl."""
    plan = question.perturbation
    names = {"ACTIVATION": activation} | ({"OUTPUT_ACTIVATION": output} if output else {})
    defines: dict[str, str | int] = {k: f"{'difference' if plan else 'activation'}_{v}" for k, v in names.items()}
    return defines | ({"PERTURBED": 1} if plan else {}) | ({"CLAMPED": 1} if plan and is_clamped(plan) else {})


def answered(question: Question, data: Values) -> Field:
    """Make a field of float32 values, or of differences and what the plan says they count from and in."""
    plan = question.perturbation
    return Field(data, plan.offset(question.taps), plan.scale(question.taps)) if plan else plain(data)
