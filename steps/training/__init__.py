"""Trains the networks: the tasks, the training loop, checkpoints and distributed training.

Imports the classifier, the network and the data set. Only the entry point `steps/train.py` imports it.
"""
