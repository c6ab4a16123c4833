//! The sentences of the command line, from `templates/messages/cli.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::page::filled;

/// The sentence of that name with its facts filled in.
pub fn sentence(name: &str, facts: &[(&str, &str)]) -> String {
    static ALL: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    // The test below reads the file.
    let all = ALL.get_or_init(|| toml::from_str(SENTENCES).unwrap_or_default());
    filled(all.get(name).map_or(name, String::as_str), facts)
}

const SENTENCES: &str = include_str!("../../templates/messages/cli.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_reads_and_ends() {
        let all: BTreeMap<String, String> = toml::from_str(SENTENCES).unwrap();
        assert!(all.len() > 20);
        for (name, sentence) in &all {
            assert!(!sentence.trim().is_empty(), "{name}");
        }
    }

    #[test]
    fn the_code_names_every_sentence_and_no_other() {
        let all: BTreeMap<String, String> = toml::from_str(SENTENCES).unwrap();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/");
        let mut code = std::fs::read_to_string(format!("{folder}app.rs")).unwrap();
        let files = |room| std::fs::read_dir(format!("{folder}{room}")).unwrap();
        for file in files("cli").chain(files("app")) {
            let path = file.unwrap().path();
            // This file names no sentence, only the calls that do.
            if !path.ends_with("words.rs") {
                code += &std::fs::read_to_string(path).unwrap();
            }
        }
        for name in all.keys() {
            let told = name.strip_prefix("server_").unwrap_or(name);
            assert!(code.contains(&format!("\"{told}\"")), "{name} is named nowhere");
        }
        for call in ["note(", "failure(", "misuse("] {
            for behind in code.split(&format!("{call}\"")).skip(1) {
                let name = behind.split('"').next().unwrap();
                assert!(all.contains_key(name), "{name} has no sentence");
            }
        }
    }
}
