"""The engine of code that is made for this very processor: written in LLVM's assembly language, compiled at first use.

The way of a question: jit_engine.py has program.py write it down as rows of steps (catalogue.py names them all). A step
is a function that step.py's vocabulary and formulas of vectors (activation.py, difference.py, formula.py, vector.py,
code.py) write; library.py compiles it for machine.py's processor.
"""
