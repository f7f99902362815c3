"""The same question put to solvers anyone can install: three compartments, an infusion, 241 min.

Each peer has `solve(bodies, people)`: levels (people, 241) in mg/L of the first so many people.
"""
