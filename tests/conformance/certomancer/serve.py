"""Timestamp, OCSP and CRL services for the tests: certomancer over an authority made here.

    python serve.py FOLDER KEYS [INSTANT]

Makes the keys that KEYS does not hold yet, writes the configuration, the certificates
(FOLDER/certs/*.cert.pem) and for each signer a PKCS#12 file (FOLDER/p12/*.p12, passphrase
"fiction"), then serves on a free port of the loopback until its standard input ends, and removes
FOLDER. It prints the address as its first line. With an INSTANT (RFC 3339) that is the time of every answer.

    PREFIX/fiction/tsa/NAME    PREFIX/fiction/ocsp/ISSUER    PREFIX/fiction/crls/ISSUER/latest.crl

For the test alone: a body sent to PREFIX/instant is the time of every later answer; PREFIX/asked
names what was asked so far, one path a line.

Authorities have RSA keys, so that a certificate issued twice is the same to the byte. Nobody may
trust any of it.
"""

import logging
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone

RSA = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"]
WEAK = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
P256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
P384 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]

# name: (how its key is made, who issued it)
KEYS = {
    "root": RSA,
    "issuing": RSA,
    "stranger-root": RSA,
    "ocsp-root": P256,
    "ocsp-issuing": P256,
    "tsa": P256,
    "tsa-rsa": RSA,
    "tsa-wrong-usage": P256,
    "tsa-expired": P256,
    "tsa-stranger": P256,
    "seal-p256": P256,
    "seal-p384": P384,
    "seal-rsa": RSA,
    "seal-weak": WEAK,
    "seal-other": P256,
    "seal-soon": P256,
    "seal-expired": P256,
    "seal-revoked": P256,
    "seal-revoked-now": P256,
    "seal-wrong-usage": P256,
    "seal-stranger": P256,
}

SIGNERS = [name for name in KEYS if name.startswith("seal-")]

ENTITY = """      {name}:
        common-name: "Fictional {title}"
"""

AUTHORITY = """      {name}:
        subject: {name}
        issuer: {issuer}
        serial: {serial}
        validity: {{valid-from: "2020-01-01T00:00:00+0000", valid-to: "2045-01-01T00:00:00+0000"}}
        extensions:
          - {{id: basic_constraints, critical: true, value: {{ca: true}}}}
          - {{id: key_usage, critical: true, smart-value: {{schema: key-usage, params: [key_cert_sign, crl_sign]}}}}
{revocable}"""

LEAF = """      {name}:
        subject: {name}
        issuer: {issuer}
        serial: {serial}
        validity: {{valid-from: "{begin}", valid-to: "{end}"}}
        extensions:
          - {{id: key_usage, critical: true, smart-value: {{schema: key-usage, params: [{usage}]}}}}
{extended}{revocable}{revocation}"""

REVOCABLE = """          - id: authority_information_access
            smart-value: {{schema: aia-urls, params: {{ocsp-responder-names: [{issuer}]}}}}
          - id: crl_distribution_points
            smart-value: {{schema: crl-dist-url, params: {{crl-repo-names: [{issuer}]}}}}
"""


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def make_keys(kept):
    kept.mkdir(parents=True, exist_ok=True)
    for name, how in KEYS.items():
        path = kept / f"{name}.pem"
        if not path.exists():
            aside = path.with_suffix(f".{threading.get_native_id()}")
            run("openssl", "genpkey", *how, "-out", str(aside))
            aside.rename(path)


def certificates():
    """Each certificate of the architecture, as its part of the configuration."""
    yield "root", AUTHORITY.format(name="root", issuer="root", serial=1, revocable="")
    revocable = REVOCABLE.format(issuer="root")
    yield "issuing", AUTHORITY.format(name="issuing", issuer="root", serial=2, revocable=revocable)
    yield "stranger-root", AUTHORITY.format(
        name="stranger-root", issuer="stranger-root", serial=3, revocable=""
    )
    for number, name in enumerate(KEYS):
        if name in ("root", "issuing", "stranger-root"):
            continue
        yield name, leaf(name, 1000 + number)


def leaf(name, serial):
    begin, end, extended, revocation = "2024-01-01T00:00:00+0000", "2040-01-01T00:00:00+0000", "", ""
    issuer, usage = "issuing", "digital_signature, non_repudiation"
    revocable = None
    if name.startswith("ocsp-"):
        issuer, usage, revocable = name.removeprefix("ocsp-"), "digital_signature", ""
        extended = "          - {id: extended_key_usage, value: [ocsp_signing]}\n"
        extended += "          - {id: ocsp_no_check}\n"
    elif name.startswith("tsa"):
        issuer, usage = "root", "digital_signature"
        purpose = "code_signing" if name == "tsa-wrong-usage" else "time_stamping"
        extended = f"          - {{id: extended_key_usage, critical: true, value: [{purpose}]}}\n"
    if name.endswith("stranger"):
        issuer, revocable = "stranger-root", ""
    if name.endswith("expired"):
        end = "2025-01-01T00:00:00+0000"
    if name == "seal-soon":
        end = "SOON"
    if name == "seal-wrong-usage":
        usage = "key_encipherment"
    if name == "seal-revoked":
        revocation = (
            '        revocation: {revoked-since: "2025-06-01T00:00:00+0000", reason: key_compromise}\n'
        )
    if name == "seal-revoked-now":
        revocation = '        revocation: {revoked-since: "NOW", reason: key_compromise}\n'
    if revocable is None:
        revocable = REVOCABLE.format(issuer=issuer)
    return LEAF.format(
        name=name, issuer=issuer, serial=serial, begin=begin, end=end, usage=usage,
        extended=extended, revocable=revocable, revocation=revocation,
    )


def configuration(prefix, now, soon):
    text = f'external-url-prefix: "{prefix}"\n'
    text += "keysets:\n  fiction:\n    path-prefix: keys\n    keys:\n"
    for name in KEYS:
        text += f"      {name}: {{path: {name}.pem}}\n"
    text += "pki-architectures:\n  fiction:\n    keyset: fiction\n"
    text += "    entity-defaults: {country-name: GB, organization-name: Fiction}\n    entities:\n"
    for name in KEYS:
        text += ENTITY.format(name=name, title=name.replace("-", " "))
    text += "    certs:\n"
    for _, part in certificates():
        text += part.replace("SOON", soon).replace("NOW", now)
    text += "    services:\n      ocsp:\n"
    for issuer in ("root", "issuing"):
        text += f"        {issuer}: {{for-issuer: {issuer}, responder-cert: ocsp-{issuer}, "
        text += f"issuer-cert: {issuer}, validity-period: {{minutes: 30}}}}\n"
    text += "      crl-repo:\n"
    for issuer in ("root", "issuing"):
        text += f"        {issuer}: {{for-issuer: {issuer}, signing-key: {issuer}, "
        text += f"issuer-cert: {issuer}, simulated-update-schedule: P90D}}\n"
    text += "      time-stamping:\n"
    for name in KEYS:
        if name.startswith("tsa"):
            over = ", certs-to-embed: [root]" if name != "tsa-stranger" else ""
            text += f"        {name}: {{signing-cert: {name}{over}}}\n"
    return text


def summon(folder, config):
    """Every certificate as a file, and each signer with its key as PKCS#12."""
    program = pathlib.Path(sys.executable).with_name("certomancer")
    run(str(program), "--config", str(config), "mass-summon", "--flat", "--no-pfx", "fiction",
        str(folder / "certs"))
    (folder / "p12").mkdir(exist_ok=True)
    for name in SIGNERS:
        over = "stranger-root" if name.endswith("stranger") else "issuing"
        run("openssl", "pkcs12", "-export", "-inkey", str(folder / "keys" / f"{name}.pem"),
            "-in", str(folder / "certs" / f"{name}.cert.pem"),
            "-certfile", str(folder / "certs" / f"{over}.cert.pem"),
            "-passout", "pass:fiction", "-out", str(folder / "p12" / f"{name}.p12"))


def main():
    folder, kept = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    at = instant(sys.argv[3]) if sys.argv[3:] else None
    make_keys(kept)
    shutil.copytree(kept, folder / "keys")
    listener = socket.create_server(("127.0.0.1", 0))
    prefix = f"http://127.0.0.1:{listener.getsockname()[1]}"
    now = at or datetime.now(timezone.utc)
    form = "%Y-%m-%dT%H:%M:%S+0000"
    # Revoked in an hour: a timestamp taken at once is earlier.
    soon, later = (now + timedelta(days=20)).strftime(form), (now + timedelta(hours=1)).strftime(form)
    config = folder / "certomancer.yml"
    config.write_text(configuration(prefix, later, soon))
    summon(folder, config)
    serve(listener, config, at)
    shutil.rmtree(folder, ignore_errors=True)


class Watched:
    """The services, with a note of every question, and a time that can be moved."""

    def __init__(self, service):
        self.service, self.asked = service, []

    def __call__(self, environ, start):
        path = environ["PATH_INFO"]
        if path not in ("/instant", "/asked"):
            self.asked.append(path)
            return self.service(environ, start)
        if path == "/instant":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
            self.service.fixed_time = instant(body)
        start("200 OK", [("content-type", "text/plain")])
        return ["\n".join(self.asked).encode()]


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def serve(listener, config, at):
    from certomancer.integrations.animator import Animator, AnimatorArchStore
    from certomancer.registry import CertomancerConfig
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    architectures = CertomancerConfig.from_file(str(config), str(config.parent)).pki_archs
    service = Animator(AnimatorArchStore(architectures), at_time=at, with_web_ui=False)
    host, port = listener.getsockname()
    server = make_server(host, port, Watched(service), threaded=True, fd=listener.fileno())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://{host}:{port}", flush=True)
    sys.stdin.read()


main()
