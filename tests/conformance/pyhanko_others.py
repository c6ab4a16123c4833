"""Signs a plain file in the ways of another maker.

    python pyhanko_others.py SERVICES ADDRESS INSTANT PLAIN.pdf FOLDER

SERVICES is the folder of the test services, ADDRESS that of their timestamps; every file goes into
FOLDER under the name of its kind. Twice each: with tables and with cross-reference streams.
"""
import io
import logging
import pathlib
import sys
from datetime import datetime

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter, copy_into_new_writer
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


class Maker:
    def __init__(self, services, address, instant):
        services = pathlib.Path(services)
        self.roots = [load_cert_from_pemder(services / "certs/root.cert.pem")]
        self.instant = datetime.fromisoformat(instant.replace("Z", "+00:00"))
        self.stamper = HTTPTimeStamper(address)
        self.seals = {}
        for name in ("seal-p256", "seal-p384", "seal-rsa", "seal-other"):
            path = services / f"p12/{name}.p12"
            self.seals[name] = signers.SimpleSigner.load_pkcs12(path, passphrase=b"fiction")

    def context(self):
        return ValidationContext(
            trust_roots=self.roots, moment=self.instant, allow_fetching=True,
            other_certs=[], revocation_mode="soft-fail",
        )

    def sign(self, data, field, seal="seal-p256", stamped=False, box=None, **more):
        more.setdefault("subfilter", SigSeedSubFilter.PADES)
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        spec = SigFieldSpec(field, box=box) if box else None
        out = signers.sign_pdf(
            writer, PdfSignatureMetadata(field_name=field, **more), self.seals[seal],
            timestamper=self.stamper if stamped else None, new_field_spec=spec,
        )
        return out.getvalue()

    def lasting(self, data, field, lta, **more):
        context = self.context()
        return self.sign(data, field, stamped=True, embed_validation_info=True,
                         validation_context=context, use_pades_lta=lta, **more)


def plain(stream):
    writer = PdfFileWriter(stream_xrefs=stream)
    content = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    box = generic.ArrayObject([generic.NumberObject(number) for number in (0, 0, 300, 300)])
    writer.insert_page(PageObject(contents=content, media_box=box))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def prepared(data):
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    fields.append_signature_field(writer, SigFieldSpec("First"))
    fields.append_signature_field(writer, SigFieldSpec("Second", box=(10, 10, 90, 50)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def files(maker, base):
    first, second = "First", "Second"
    seen = (20, 20, 200, 80)
    none, fill = MDPPerm.NO_CHANGES, MDPPerm.FILL_FORMS
    ready = prepared(base)
    approved = maker.sign(base, first)
    certified = maker.sign(ready, first, certify=True, docmdp_permissions=fill)
    yield "approval", approved
    yield "approval-rsa", maker.sign(base, first, "seal-rsa")
    yield "approval-p384", maker.sign(base, first, "seal-p384")
    yield "approval-pkcs7", maker.sign(base, first, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    yield "certification-1", maker.sign(base, first, certify=True, docmdp_permissions=none)
    yield "certification-2", certified
    yield "visible", maker.sign(base, first, box=seen)
    yield "visible-certification", maker.sign(
        base, first, box=seen, certify=True, docmdp_permissions=none)
    yield "b-t", maker.sign(base, first, stamped=True)
    yield "b-lt", maker.lasting(base, first, False)
    yield "b-lta", maker.lasting(base, first, True, certify=True, docmdp_permissions=none)
    yield "two-signatures", maker.sign(approved, second, "seal-other")
    yield "two-in-prepared-fields", maker.sign(certified, second, "seal-other")
    yield "two-of-b-lta", maker.lasting(maker.lasting(ready, first, True), second, True)


def main(services, address, instant, preview, folder):
    maker, folder = Maker(services, address, instant), pathlib.Path(folder)
    preview = pathlib.Path(preview).read_bytes()
    stream = io.BytesIO()
    again = PdfFileReader(io.BytesIO(preview))
    copy_into_new_writer(again, {"stream_xrefs": True}).write(stream)
    bases = {"preview": preview, "preview-stream": stream.getvalue(),
             "plain": plain(False), "plain-stream": plain(True)}
    for name, base in bases.items():
        for kind, data in files(maker, base):
            (folder / f"{name} {kind}.pdf").write_bytes(data)


main(*sys.argv[1:])
