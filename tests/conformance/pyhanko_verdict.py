"""Prints what pyHanko says of the first signature of a file, as JSON."""
import json
import sys

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def verdict(path):
    with open(path, "rb") as file:
        reader = PdfFileReader(file)
        signatures = reader.embedded_signatures
        # The root of a local authority is nobody's anchor: it is taken from the file, since trust is not what is asked.
        roots = [c for c in signatures[0].other_embedded_certs if c.subject == c.issuer]
        context = ValidationContext(trust_roots=roots, allow_fetching=False)
        status = validate_pdf_signature(signatures[0], context)
        return {
            "signatures": len(signatures),
            "intact": status.intact,
            "valid": status.valid,
            "trusted": status.trusted,
            "coverage": status.coverage.name,
            "docmdp": signatures[0].docmdp_level.name if signatures[0].docmdp_level else None,
            "signer": status.signing_cert.subject.human_friendly,
        }


try:
    print(json.dumps(verdict(sys.argv[1])))
except Exception as fault:  # a broken file is an answer, not a crash
    print(json.dumps({"valid": False, "fault": f"{type(fault).__name__}: {fault}"}))
