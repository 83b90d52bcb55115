"""What the line model of `mxsync.extract` is trained on, and with, and how it is measured: see docs/extraction.md.

    python -m training fit          trains, and writes mxsync/extract/line_model.tsv
    python -m training measure      the table of docs/extraction.md, from the corpora
    python -m training mails FILE   the made-up mail, for looking at

Not in the wheel. The made-up mail here has its own words and forms; the tests have others, so that no form is both
learnt from and measured by.
"""
