"""The pictures and fact tables of docs/science, drawn from the library itself.

python -m afterglow.research.pictures docs/science
"""
