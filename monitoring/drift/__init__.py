"""The drift baseline, and the comparison of captured photos with it and with earlier days.

May import statistics and features. The report and both entry points import it.
"""
