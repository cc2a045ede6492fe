"""The client model again, in other forms: the yardsticks of ``benchmarks/model.py``."""
