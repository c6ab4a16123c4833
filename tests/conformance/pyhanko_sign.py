"""Signs small files with pyHanko, as another maker would.

    python pyhanko_sign.py SERVICES URL OUT INSTANT

SERVICES and URL are those of certomancer/serve.py. Writes OUT/KEY-LEVEL.pdf and prints their names as JSON.
"""
import json
import pathlib
import sys
from datetime import datetime
from io import BytesIO

from asn1crypto import pem, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.metadata import info, xmp_xml
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator import ValidationContext

services, url, out, instant = sys.argv[1:5]
services, out = pathlib.Path(services), pathlib.Path(out)


class Fixed(datetime):
    """The instant is that of every metadata packet: whoever keeps a file has no need to change it."""

    @classmethod
    def now(cls, tz=None):
        return moment


moment = Fixed.fromisoformat(instant.replace("Z", "+00:00"))
info.datetime = xmp_xml.datetime = Fixed


def certificate(name):
    return x509.Certificate.load(pem.unarmor((services / f"certs/{name}.cert.pem").read_bytes())[2])


def base(tables):
    writer = PdfFileWriter(stream_xrefs=not tables)
    content = writer.add_object(generic.StreamObject(stream_data=b"BT 72 720 Td ET"))
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
    writer.insert_page(PageObject(contents=content, media_box=box))
    stream = BytesIO()
    writer.write(stream)
    return stream


def context():
    return ValidationContext(
        trust_roots=[certificate("root")], moment=moment, allow_fetching=True, retroactive_revinfo=True,
        revocation_mode="soft-fail",
    )


def stamper(name="tsa"):
    return timestamps.HTTPTimeStamper(f"{url}/fiction/tsa/{name}")


def sign(key, level, tables=True, cades=True, pss=False, stamped="tsa", certify=False):
    signer = signers.SimpleSigner.load_pkcs12(
        str(services / f"p12/{key}.p12"), passphrase=b"fiction", prefer_pss=pss
    )
    form = fields.SigSeedSubFilter.PADES if cades else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    long = level in ("lt", "lta")
    said = signers.PdfSignatureMetadata(
        field_name="Signature", md_algorithm="sha384" if key == "seal-p384" else "sha256", subfilter=form,
        embed_validation_info=long, use_pades_lta=level == "lta", certify=certify,
        validation_context=context() if long else None,
    )
    maker = signers.PdfSigner(said, signer, timestamper=None if level == "b" else stamper(stamped))
    writer = IncrementalPdfFileWriter(base(tables))
    done = maker.sign_pdf(writer)
    name = "-".join([
        key, level, *([] if tables else ["streams"]), *([] if cades else ["pkcs7"]), *(["pss"] if pss else []),
        *([] if stamped == "tsa" else [stamped]), *(["certified"] if certify else []),
    ])
    (out / f"{name}.pdf").write_bytes(done.getbuffer())
    return name


names = [sign(key, level) for key in ("seal-p256", "seal-p384", "seal-rsa") for level in ("b", "t", "lt", "lta")]
names += [
    sign("seal-rsa", "lta", pss=True),
    sign("seal-weak", "t"),
    sign("seal-p256", "lta", tables=False),
    sign("seal-p256", "lta", certify=True),
    sign("seal-rsa", "t", cades=False),
    sign("seal-p256", "t", stamped="tsa-rsa"),
    sign("seal-expired", "b"),
    sign("seal-revoked", "b"),
    sign("seal-wrong-usage", "b"),
    sign("seal-stranger", "b"),
    sign("seal-p256", "t", stamped="tsa-stranger"),
    sign("seal-p256", "t", stamped="tsa-wrong-usage"),
    sign("seal-p384", "lta", tables=False),
]
print(json.dumps(names))
