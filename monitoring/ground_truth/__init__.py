"""Actual classes that became known after the answers: reads them, finds their photos, and counts right answers.

May import `captures`. `judgement` and what is above it import this room.
"""
