"""Prints what pyHanko says of every signature and document timestamp of a file by AdES rules.

    python pyhanko_levels.py ROOT.pem FILE.pdf

Ends with 1 where the seal does not pass, or anything in the file is not whole. Revocation answers
are fetched where the file does not hold them.
"""
import asyncio
import logging
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import ades, validate_pdf_timestamp
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

logging.disable(logging.CRITICAL)


def specification(root):
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([root]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    return PdfSignatureValidationSpec(SignatureValidationSpec(cert_validation_policy=policy))


def main(root, path):
    root = load_cert_from_pemder(root)
    with open(path, "rb") as file:
        reader = PdfFileReader(file)
        seal = reader.embedded_regular_signatures[0]
        result = asyncio.run(ades.ades_lta_validation(seal, specification(root)))
        status = result.api_status
        passed = result.ades_subindic
        words = [f"{passed.status.name} {passed.standard_name}", status.coverage.name]
        words.append(status.modification_level.name if status.modification_level else "unchanged")
        # Without a document timestamp nothing proves that the file was there before today: the rules
        # of LTA then end in doubt, and what counts is the plain judgement.
        stamped = bool(reader.embedded_timestamp_signatures)
        good = status.bottom_line and (passed.status.name == "PASSED" or not stamped)
        words.append("valid" if status.bottom_line else "not valid")
        for stamp in reader.embedded_timestamp_signatures:
            context = ValidationContext(trust_roots=[root], allow_fetching=True)
            one = validate_pdf_timestamp(stamp, context)
            good = good and one.intact and one.valid and one.trusted
            words.append(f"timestamp {one.summary()}")
    print("; ".join(words))
    return 0 if good else 1


sys.exit(main(*sys.argv[1:]))
