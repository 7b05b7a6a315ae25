"""Faults of moto's engine in the tasks that call services: parameters, answers, and names of errors.

One module for each kind; its `mend` sets it right. May import `language` and the rooms below Step Functions.
"""
