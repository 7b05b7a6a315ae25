"""Shows on a console how work goes: the steps of an execution as they run, and bars for what is counted.

Commands and the operations behind them use it; it knows what a step is, and nothing of what is operated.
"""
