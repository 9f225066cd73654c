"""The shared world: time, chance, paper and rooms. It does not know who lives in it."""
