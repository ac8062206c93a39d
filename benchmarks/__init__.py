"""What Unfold costs, always beside a peer measured in the same run."""
