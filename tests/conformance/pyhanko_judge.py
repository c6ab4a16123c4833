"""Prints what pyHanko says of the first signature of each file at an instant, as JSON.

    python pyhanko_judge.py ROOT INSTANT FILE...

Nothing is fetched; what the files hold counts. A file that can't be judged is not relied on.
"""
import json
import sys
from datetime import datetime

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

root, instant, files = sys.argv[1], sys.argv[2], sys.argv[3:]
anchor = x509.Certificate.load(pem.unarmor(open(root, "rb").read())[2])
moment = datetime.fromisoformat(instant.replace("Z", "+00:00"))


def relied(path):
    with open(path, "rb") as file:
        signature = PdfFileReader(file).embedded_regular_signatures[0]
        context = ValidationContext(trust_roots=[anchor], moment=moment, allow_fetching=False)
        return validate_pdf_signature(signature, context).bottom_line


said = {}
for path in files:
    try:
        said[path] = relied(path)
    except Exception:  # a broken file is an answer, not a crash
        said[path] = False
print(json.dumps(said))
