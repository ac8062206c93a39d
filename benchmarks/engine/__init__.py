"""What training costs: our two engines beside JavaScript and Python peers, all in one run."""
