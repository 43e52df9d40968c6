"""nftables: the flows as one table of its own, loaded with `nft -f`."""
