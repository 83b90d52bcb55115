"""Two sides that are to be in step, and what was last agreed: what has to be written where.

Pure: values in, values out. Nothing here knows a server, a database or a rule file. The classes that matter are
`Field` (how a field flows), `Agreed` (what each side said when they last agreed) and `Merge` (what is to be done);
`compare` is the function.
"""
