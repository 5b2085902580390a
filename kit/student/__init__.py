"""What a student runs in the released folder: the public tests, and packing the hand-in.

Works wherever Python does: nothing here forks a process or asks for a POSIX module.
"""
