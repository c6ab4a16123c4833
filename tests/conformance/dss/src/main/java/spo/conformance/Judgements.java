package spo.conformance;

import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/**
 * Judges signatures by EU DSS, all in one run: the machine starts slowly and judges quickly.
 *
 * <p>The first line of standard input names the trusted certificates (PEM or DER files, tabs
 * between); each further one a file, with the instant of the check (milliseconds since 1970) before
 * it and a tab between. Standard output answers each file, in order, with a line of JSON: {@code
 * {"file", "signatures": [{"id", "indication", "sub", "format", "signed_by", "intact",
 * "valid", "timestamps", "modified", "errors"}]}}, or {@code {"file", "error"}}.
 * Nothing is fetched: what a file and the trusted certificates hold is all there is. It ends with 0
 * however the files fare: who asks is who decides.
 */
public final class Judgements {
    private Judgements() {}

    public static void main(String[] arguments) throws IOException {
        var questions =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var trusted = new CommonTrustedCertificateSource();
        for (String file : questions.readLine().split("\t")) {
            trusted.addCertificate(certificate(file));
        }
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            int tab = line.indexOf('\t');
            var at = new Date(Long.parseLong(line.substring(0, tab)));
            answers.println(judgement(line.substring(tab + 1), at, trusted));
        }
    }

    private static CertificateToken certificate(String file) {
        return DSSUtils.loadCertificate(new File(file));
    }

    private static String judgement(String file, Date at, CommonTrustedCertificateSource trusted) {
        var said = new StringBuilder("{\"file\":").append(quoted(file));
        try {
            var verifier = new CommonCertificateVerifier();
            verifier.setTrustedCertSources(trusted);
            verifier.setAIASource(null);
            var validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
            validator.setCertificateVerifier(verifier);
            validator.setValidationTime(at);
            say(validator.validateDocument(), said);
        } catch (Exception | StackOverflowError cause) {
            said.append(",\"error\":").append(quoted(cause.toString()));
        }
        return said.append('}').toString();
    }

    private static void say(Reports reports, StringBuilder said) {
        SimpleReport simple = reports.getSimpleReport();
        DiagnosticData found = reports.getDiagnosticData();
        List<String> each = new ArrayList<>();
        for (String id : simple.getSignatureIdList()) {
            each.add(signature(id, simple, found.getSignatureById(id)));
        }
        said.append(",\"signatures\":[").append(String.join(",", each)).append(']');
    }

    private static String signature(String id, SimpleReport simple, SignatureWrapper found) {
        var said = new StringBuilder("{\"id\":").append(quoted(id));
        said.append(",\"indication\":").append(quoted(String.valueOf(simple.getIndication(id))));
        said.append(",\"sub\":").append(quoted(String.valueOf(simple.getSubIndication(id))));
        said.append(",\"format\":").append(quoted(String.valueOf(simple.getSignatureFormat(id))));
        said.append(",\"signed_by\":").append(quoted(simple.getSignedBy(id)));
        said.append(",\"intact\":").append(found.isSignatureIntact());
        said.append(",\"valid\":").append(found.isSignatureValid());
        said.append(",\"timestamps\":").append(found.getTimestampList().size());
        said.append(",\"modified\":").append(modified(found));
        List<String> errors = new ArrayList<>();
        simple.getAdESValidationErrors(id).forEach(error -> errors.add(quoted(error.getValue())));
        said.append(",\"errors\":[").append(String.join(",", errors)).append(']');
        return said.append('}').toString();
    }

    /** Whether a later revision changed what a reader sees, or something DSS does not know. */
    private static boolean modified(SignatureWrapper found) {
        return found.arePdfModificationsDetected()
                || !found.getPdfUndefinedChanges().isEmpty()
                || !found.getPdfSignatureOrFormFillChanges().isEmpty()
                || !found.getPdfAnnotationChanges().isEmpty();
    }

    private static String quoted(String text) {
        var said = new StringBuilder("\"");
        for (char unit : (text == null ? "" : text).toCharArray()) {
            if (unit == '"' || unit == '\\') {
                said.append('\\').append(unit);
            } else if (unit < ' ' || unit > '~') {
                said.append(String.format("\\u%04x", (int) unit));
            } else {
                said.append(unit);
            }
        }
        return said.append('"').toString();
    }
}
