//! How the signing keys are: as JSON, and as figures.

use std::fmt::Write;

use crate::issue::{Health, KeyState, ServerState, Signing};
use crate::wire::answer::{EvidenceAnswer, HealthAnswer, KeyAnswer, KeyFailure, ServiceAnswer};

/// The answer about the keys.
pub(super) fn answer(health: Health, signing: &Signing, inspection: &str) -> HealthAnswer {
    let status = match () {
        () if !health.signing => "unavailable",
        () if health.evidence.is_some_and(|behind| behind.without_timestamp > 0) => "degraded",
        () if signing.all() => "ok",
        () => "degraded",
    };
    HealthAnswer {
        signing: Some(health.signing),
        signer: Some(health.signer),
        signer_not_after: Some(health.signer_not_after),
        paper_key: Some(health.paper_key.0),
        paper_key_sha256: Some(health.paper_key.1),
        inspection: Some(inspection.to_owned()),
        clock: Some(signing.clock),
        keyring_refused_since: signing.stale.as_ref().map(|(since, _)| *since),
        keys: Some(signing.keys.iter().map(key).collect()),
        evidence: health.evidence.map(|behind| EvidenceAnswer {
            without_timestamp: behind.without_timestamp,
            due: behind.due,
            since: behind.since,
        }),
        services: Some(health.services.iter().map(service).collect()),
        ..HealthAnswer::plain(status)
    }
}

fn service(state: &ServerState) -> ServiceAnswer {
    ServiceAnswer {
        host: state.host.clone(),
        resting: state.resting(),
        last_success: state.last_success,
        last_failure: state.last_failure.map(|(at, _)| at),
    }
}

fn key(state: &KeyState) -> KeyAnswer {
    KeyAnswer {
        name: state.name.clone(),
        kind: state.kind.to_owned(),
        algorithm: state.algorithm.to_owned(),
        subject: state.subject.clone(),
        not_before: state.not_before,
        not_after: state.not_after,
        days_left: state.days_left,
        warning: state.warning.map(|warning| warning.name().to_owned()),
        profiles: state.profiles.clone(),
        signs: state.signs.clone(),
        test: state.test,
        last_failure: state
            .failure
            .map(|failure| KeyFailure { at: failure.at, reason: failure.what.to_owned() }),
    }
}

/// The figures about the keys, in Prometheus' text format. Names of keys hold no sign that would
/// need escaping.
pub(super) fn figures(signing: &Signing) -> String {
    let mut text = String::new();
    let _ = writes(&mut text, signing); // writing to a string can't fail
    text
}

/// The figures about evidence that is behind, where the store tells.
pub(super) fn evidence_figures(health: &Health) -> String {
    let Some(behind) = health.evidence else { return String::new() };
    format!(
        "# TYPE spo_evidence_due gauge\nspo_evidence_due {}\n\
         # TYPE spo_documents_without_timestamp gauge\nspo_documents_without_timestamp {}\n",
        behind.due, behind.without_timestamp
    )
}

fn writes(text: &mut String, signing: &Signing) -> std::fmt::Result {
    writeln!(text, "# TYPE spo_signing_certificate_days_left gauge")?;
    for key in &signing.keys {
        let (name, days) = (&key.name, key.days_left);
        writeln!(text, "spo_signing_certificate_days_left{{key=\"{name}\"}} {days}")?;
    }
    writeln!(text, "# TYPE spo_signing_key_profiles gauge")?;
    for key in &signing.keys {
        let (name, count) = (&key.name, key.signs.len());
        writeln!(text, "spo_signing_key_profiles{{key=\"{name}\"}} {count}")?;
    }
    let gauges = [
        ("spo_signing_profiles", signing.profiles.0 as u64),
        ("spo_signing_profiles_ready", signing.profiles.1 as u64),
        ("spo_signing_clock_good", u64::from(signing.clock)),
        ("spo_signing_keyring_stale", u64::from(signing.stale.is_some())),
    ];
    for (name, value) in gauges {
        writeln!(text, "# TYPE {name} gauge\n{name} {value}")?;
    }
    let counters = [
        ("spo_signing_keyring_taken_total", signing.refreshed),
        ("spo_signing_keyring_refused_total", signing.kept),
    ];
    for (name, value) in counters {
        writeln!(text, "# TYPE {name} counter\n{name} {value}")?;
    }
    writeln!(text, "# TYPE spo_signing_refusals_total counter")?;
    for (reason, count) in &signing.refusals {
        writeln!(text, "spo_signing_refusals_total{{reason=\"{reason}\"}} {count}")?;
    }
    Ok(())
}
