"""Networks that learn from others: the compact loss network, a gentler gallery."""
