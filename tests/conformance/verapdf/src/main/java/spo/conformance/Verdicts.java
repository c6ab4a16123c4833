package spo.conformance;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/**
 * Judges files by veraPDF, all in one run: the machine starts slowly and judges quickly.
 *
 * <p>Standard input has a line a judgement: a flavour ({@code 2a}, {@code 3a}, {@code ua1}), a tab,
 * a file. Standard output answers each, in order, with a line of JSON:
 * {@code {"file", "flavour", "compliant", "assertions", "failed": [{"clause", "test", "times",
 * "message", "where"}]}}, or {@code {"file", "flavour", "error"}} where the file can't be judged.
 * It ends with 0 however the files fare: who asks is who decides.
 */
public final class Verdicts {
    private Verdicts() {}

    public static void main(String[] arguments) throws IOException {
        LogManager.getLogManager().reset();
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        var questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            int tab = line.indexOf('\t');
            if (tab < 0) {
                throw new IOException("a line without a tab: " + line);
            }
            answers.println(verdict(line.substring(0, tab), line.substring(tab + 1)));
        }
    }

    private static String verdict(String flavour, String file) {
        var said = new StringBuilder();
        said.append("{\"file\":").append(quoted(file));
        said.append(",\"flavour\":").append(quoted(flavour));
        try {
            judge(PDFAFlavour.byFlavourId(flavour), file, said);
        } catch (Exception cause) {
            said.append(",\"error\":").append(quoted(cause.toString()));
        }
        return said.append('}').toString();
    }

    private static void judge(PDFAFlavour flavour, String file, StringBuilder said)
            throws Exception {
        // veraPDF answers an unknown name with a flavour that asks nothing.
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            throw new IllegalArgumentException("no such flavour");
        }
        var foundry = Foundries.defaultInstance();
        try (InputStream bytes = new FileInputStream(file);
                PDFAParser parser = foundry.createParser(bytes, flavour);
                PDFAValidator validator = foundry.createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            said.append(",\"compliant\":").append(result.isCompliant());
            said.append(",\"assertions\":").append(result.getTotalAssertions());
            said.append(",\"failed\":[").append(failed(result)).append(']');
        }
    }

    /** A rule once, with how often it failed and where first. */
    private static String failed(ValidationResult result) {
        Map<RuleId, Integer> times = new LinkedHashMap<>();
        Map<RuleId, TestAssertion> first = new LinkedHashMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                times.merge(assertion.getRuleId(), 1, Integer::sum);
                first.putIfAbsent(assertion.getRuleId(), assertion);
            }
        }
        List<String> rules = new ArrayList<>();
        first.forEach((rule, assertion) -> rules.add(
                "{\"clause\":" + quoted(rule.getClause())
                        + ",\"test\":" + rule.getTestNumber()
                        + ",\"times\":" + times.get(rule)
                        + ",\"message\":" + quoted(assertion.getMessage())
                        + ",\"where\":" + quoted(assertion.getLocation().getContext()) + '}'));
        return String.join(",", rules);
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
