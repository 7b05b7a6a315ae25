"""The neural network: architecture, initialisation, augmentation and the Muon optimizer, in PyTorch.

Imports only the package's arrays. The classifier and training import it.
"""
