"""Modules for AWS's training toolkit, one for each framework.

The toolkit imports them inside a job. Of this project, only the training jobs use one, for a hyperparameter's name.
"""
