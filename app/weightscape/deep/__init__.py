"""Deep zoom: reference orbits, exact differences from them, derivatives, and how far each method is from the truth.

It does not evaluate pictures: it plans what an engine then does.
"""
