"""The policy report: which policy, how sure, at what cost, for whom, does it hold. One page from run directories."""
