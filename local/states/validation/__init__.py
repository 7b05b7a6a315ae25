"""Validates definitions as AWS does when a state machine is created, with AWS's codes and, where known, its words.

May import `language`, `tasks`, `maps` and the rooms below Step Functions.
"""
