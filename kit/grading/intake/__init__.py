"""From what was handed in to files in memory; nothing of it is run or written to the disk."""
