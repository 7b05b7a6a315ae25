"""Distributed maps: what moto's grammar lacks is taken out of a definition before it is read, and done here.

May import `language`, `tasks` and the rooms below Step Functions.
"""
