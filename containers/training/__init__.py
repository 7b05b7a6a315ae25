"""What runs in the training image besides AWS's training toolkit. The local AWS gives it to its training jobs, too."""
