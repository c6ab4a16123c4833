//! The pages: `templates/pages` filled with a [`Sheet`]. Values are escaped once, by the engine;
//! the one thing that is not is the style, which is ours.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use handlebars::{Handlebars, no_escape};
use serde::Serialize;

use crate::digest::sha256;

/// What a page shows.
#[derive(Debug, Serialize)]
pub(super) struct Sheet {
    pub(super) language: &'static str,
    pub(super) verdict: &'static str,
    pub(super) headline: String,
    pub(super) advice: String,
    pub(super) why: &'static str,
    pub(super) standing: String,
    pub(super) cautions: Vec<String>,
    pub(super) labels: Labels,
    pub(super) facts: Vec<Fact>,
    pub(super) document: Vec<Fact>,
    pub(super) findings: Vec<Line>,
    pub(super) signatures: Vec<Section>,
    pub(super) style: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Labels {
    pub(super) what_to_do: &'static str,
    pub(super) file: &'static str,
    pub(super) document: &'static str,
    pub(super) found: &'static str,
    pub(super) place: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
}

/// Something that was found.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    /// Whether it is a fault or merely a note.
    pub(super) label: &'static str,
    pub(super) message: &'static str,
    pub(super) place: String,
    pub(super) fatal: bool,
}

/// One signature.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    pub(super) findings: Vec<Line>,
}

pub(super) fn html(sheet: &Sheet) -> String {
    engines().0.render(NAME, sheet).unwrap_or_default()
}

pub(super) fn text(sheet: &Sheet) -> String {
    engines().1.render(NAME, sheet).unwrap_or_default()
}

/// The content security policy of the page: no script, no fetch, no form; its style by its digest.
pub(super) fn policy() -> &'static str {
    static POLICY: OnceLock<String> = OnceLock::new();
    POLICY.get_or_init(|| {
        let digest = BASE64.encode(sha256(STYLE.as_bytes()));
        format!(
            "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'; sandbox"
        )
    })
}

/// The engines of HTML and of text. The tests below compile and fill both.
fn engines() -> &'static (Handlebars<'static>, Handlebars<'static>) {
    static BOTH: OnceLock<(Handlebars<'static>, Handlebars<'static>)> = OnceLock::new();
    BOTH.get_or_init(|| {
        let engine = |source: &str| {
            let mut engine = Handlebars::new();
            engine.set_strict_mode(true);
            // A page that does not compile stays empty; the tests would not let it.
            let _ = engine.register_template_string(NAME, source);
            engine
        };
        let mut text = engine(TEXT);
        text.register_escape_fn(no_escape);
        (engine(HTML), text)
    })
}

const NAME: &str = "verification";
const HTML: &str = include_str!("../../templates/pages/verification.hbs");
const TEXT: &str = include_str!("../../templates/pages/verification.txt.hbs");
pub(super) const STYLE: &str = include_str!("../../templates/pages/verification.css");

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let (label, message) = ("Fault:", "Found.");
        let line = || Line { label, message, place: "<b>12 0 R</b>".into(), fatal: true };
        Sheet {
            language: "en",
            verdict: "altered",
            headline: "Do not.".into(),
            advice: "Ask.".into(),
            why: "Because.",
            standing: "Since.".into(),
            cautions: vec!["A <i>test</i>.".into()],
            labels: Labels {
                what_to_do: "Do:",
                file: "File",
                document: "Document",
                found: "Found",
                place: "at",
            },
            facts: vec![Fact { name: "Size", value: "1".into() }],
            document: vec![Fact { name: "Code", value: "<i>7</i>".into() }],
            findings: vec![line()],
            signatures: vec![Section {
                title: "One".into(),
                lines: vec!["<script>alert(1)</script> \"&'".into()],
                findings: vec![line()],
            }],
            style: STYLE,
        }
    }

    #[test]
    fn nothing_of_a_file_is_markup_in_the_page() {
        let page = html(&sheet());
        assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<html lang=\"en\">"));
        for markup in ["<script", "<b>", "<i>"] {
            assert!(!page.contains(markup), "{page}");
        }
        assert!(page.contains("&lt;script&gt;"), "{page}");
        assert!(page.contains(&format!("<style>{STYLE}</style>")));
    }

    #[test]
    fn the_page_of_text_says_the_same() {
        let page = text(&sheet());
        let all = ["Do not.", "Because.", "Since.", "A <i>test</i>.", "Do: Ask.", "Size: 1"];
        for said in all.into_iter().chain(["Code: <i>7", "- Fault: Found. (at <b>12 0"]) {
            assert!(page.contains(said), "{said}: {page}");
        }
    }

    #[test]
    fn the_policy_knows_the_style_by_its_digest() {
        assert!(policy().starts_with("default-src 'none'; style-src 'sha256-"), "{}", policy());
        assert!(!STYLE.contains('<'));
    }
}
