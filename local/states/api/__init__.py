"""Faults of moto's Step Functions in the operations themselves: members, errors, pages, versions and aliases.

One module for each kind of resource; its `mend` sets it right. May import `language` and the rooms below.
"""
