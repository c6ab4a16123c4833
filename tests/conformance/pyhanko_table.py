"""Says of each file what pyHanko makes of all its signatures.

    python pyhanko_table.py INSTANT ROOT.cer... < FILES

Reads the names of files, one a line, and answers each with a line of JSON: {"bad": bool, "words":
str}. Nothing is fetched; revocation counts where the file holds it.
"""
import json
import logging
import sys
import warnings
from datetime import datetime

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")


def judged(path, roots, instant):
    def context():
        return ValidationContext(trust_roots=roots, moment=instant, allow_fetching=False)

    with open(path, "rb") as file:
        reader = PdfFileReader(file)
        if reader.encrypted:
            return True, "encrypted"
        words, bad = [], False
        for one in reader.embedded_regular_signatures:
            status = validate_pdf_signature(one, context(), context())
            bad = bad or not status.bottom_line
            words.append(said(status) + ("" if status.docmdp_ok else " not permitted"))
        for one in reader.embedded_timestamp_signatures:
            status = validate_pdf_timestamp(one, context())
            bad = bad or not (status.intact and status.valid and status.trusted)
            words.append("timestamp " + said(status))
    return (bad, "; ".join(words)) if words else (True, "no signature")


def said(status):
    words = ["intact" if status.intact else "broken", "valid" if status.valid else "invalid"]
    words.append("trusted" if status.trusted else "untrusted")
    words.append(status.coverage.name.lower())
    if status.modification_level is not None:
        words.append(status.modification_level.name.lower())
    return " ".join(words)


def main(instant, *roots):
    instant = datetime.fromisoformat(instant.replace("Z", "+00:00"))
    roots = [load_cert_from_pemder(root) for root in roots]
    for path in sys.stdin.read().split("\n")[:-1]:
        try:
            bad, words = judged(path, roots, instant)
        except (Exception, RecursionError) as fault:  # a broken file is an answer, not a crash
            bad, words = True, f"{type(fault).__name__} {fault}"[:60]
        print(json.dumps({"bad": bad, "words": words}))


main(*sys.argv[1:])
