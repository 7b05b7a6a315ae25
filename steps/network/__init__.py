"""The neural network in PyTorch: architecture, initialisation, augmentation and the Muon optimiser.

May import only the arrays and errors of `steps`. The classifier, training and `train` import it.
"""
