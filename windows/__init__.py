"""Windows of monitoring: which hours a report is about, and in which folders their captures lie.

Nothing but the standard library. The function that selects captures and the job that reads them share it.
"""
