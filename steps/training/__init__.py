"""Trains the networks: training tasks, training loop, checkpoints and distributed training.

May import the classifier, the network and the data set. Only the entry point `train` imports it.
"""
