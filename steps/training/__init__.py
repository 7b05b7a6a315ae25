"""Trains the networks: the plan of who learns which rows, the training loop, checkpoints, several hosts.

Imports the classifier, the network and the data set. Only the entry point `steps/train.py` imports it.
"""
