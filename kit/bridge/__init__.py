"""The bridge: values cross it, verdicts never do.

`frame` and `wire` are the format; `session`, `channel` and `proxies` are the trusted side;
`server` runs in the jail beside the student's code.
"""
