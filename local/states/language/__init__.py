"""Faults of moto's engine in the States Language itself: paths, choices, functions, JSONata, times and sizes.

One module for each kind; its `mend` sets it right. May import the rooms below Step Functions.
"""
