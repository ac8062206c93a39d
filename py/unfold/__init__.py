"""The mathematics of small neural networks, in numpy alone: to be read as much as to be run."""
