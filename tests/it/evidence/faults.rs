//! Services that fail in every way: each has its own name, and leaves no file.

use std::time::Duration;

use jiff::SignedDuration;
use spo::sign::evidence::{Evidence, EvidenceError};
use spo::sign::outside::{Bounds, State, Wrong};

use super::{evidence, now, sealed, services, settings, signer};
use crate::harness::{Fault, Faulty};

const REPLY: &str = "application/timestamp-reply";

/// Short enough for a test of what never answers.
const QUICK: Bounds =
    Bounds { connect: Duration::from_millis(500), exchange: Duration::from_secs(3) };

#[tokio::test]
async fn each_fault_of_a_timestamp_service_has_its_name_and_leaves_no_file() {
    let Some(services) = services() else { return };
    let signer = signer(&services, "seal-p256");
    let signed = sealed(&signer, now()).await;
    let real = services.timestamps("tsa");
    // The last element of a request says that certificates are wanted: 3 bytes. Before it the
    // nonce, before that the imprint's hash.
    let turned = |from_end| Fault::Turned { service: real.clone(), from_end };
    let refused = Faulty::start(Fault::Status(200)).await;
    let denied = vec![0x30, 5, 0x30, 3, 2, 1, 2];
    let ungranted = vec![0x30, 5, 0x30, 3, 2, 1, 0];
    let cases = [
        (Fault::BlackHole, Wrong::TimedOut),
        (Fault::Drip, Wrong::TimedOut),
        (Fault::Reset, Wrong::Unreachable),
        (Fault::Status(500), Wrong::Refused(500)),
        (Fault::Redirect(refused.url.clone()), Wrong::Refused(307)),
        (Fault::Says("text/html", b"<html>".to_vec()), Wrong::Malformed),
        (Fault::Says(REPLY, b"garbage".to_vec()), Wrong::Malformed),
        (Fault::Says(REPLY, Vec::new()), Wrong::Malformed),
        (Fault::Says(REPLY, ungranted), Wrong::Malformed),
        (Fault::Says(REPLY, denied), Wrong::Denied),
        (Fault::Huge(REPLY), Wrong::TooLarge),
        (turned(4), Wrong::WrongNonce),
        (turned(3 + 18 + 1), Wrong::WrongImprint),
    ];
    for (fault, wrong) in cases {
        let name = format!("{fault:?}");
        let service = Faulty::start(fault).await;
        // Only silence is waited out: a real service may be slow on a busy machine.
        let addresses = vec![service.url.clone()];
        let evidence = match wrong {
            Wrong::TimedOut => asks(&services, addresses),
            _ => Evidence::new(settings(&services, addresses)).unwrap(),
        };
        let answer = evidence.stamp(signed.clone(), now()).await;
        let Err(EvidenceError::Timestamps(failures)) = answer else { panic!("{name}: {answer:?}") };
        assert_eq!(failures.iter().map(|one| one.wrong).collect::<Vec<_>>(), [wrong], "{name}");
        assert_eq!((failures[0].host.as_str(), service.came()), ("127.0.0.1", 1), "{name}");
        let state = &evidence.state(now()).timestamps[0];
        assert_eq!(state.last_failure.map(|(_, wrong)| wrong), Some(wrong), "{name}");
    }
    assert_eq!(refused.came(), 0, "a redirect was followed");
}

#[tokio::test]
async fn a_timestamp_of_one_who_is_not_trusted_or_of_another_use_is_refused() {
    let Some(services) = services() else { return };
    let signed = sealed(&signer(&services, "seal-p256"), now()).await;
    for name in ["tsa-stranger", "tsa-wrong-usage", "tsa-expired"] {
        let answer = evidence(&services, &[name]).stamp(signed.clone(), now()).await;
        let Err(EvidenceError::Timestamps(failures)) = answer else { panic!("{name}: {answer:?}") };
        assert_eq!(failures[0].wrong, Wrong::Untrusted, "{name}");
        assert!(failures[0].wrong.is_alarming());
    }
}

#[tokio::test]
async fn the_second_service_is_asked_and_the_first_rests_after_three_failures() {
    let Some(services) = services() else { return };
    let signed = sealed(&signer(&services, "seal-p256"), now()).await;
    let bad = Faulty::start(Fault::Status(503)).await;
    let addresses = vec![bad.url.clone(), services.timestamps("tsa")];
    let evidence = Evidence::new(settings(&services, addresses)).unwrap();
    for _ in 0..5 {
        let stamped = evidence.stamp(signed.clone(), now()).await.unwrap();
        assert_eq!(stamped.level().name(), "B-T");
    }
    assert_eq!(bad.came(), 3);
    let state = evidence.state(now()).timestamps;
    assert!(matches!(state[0].breaker, State::Open { .. }), "{state:?}");
    assert!(matches!(state[1].breaker, State::Closed), "{state:?}");
    let later = now() + SignedDuration::from_secs(60);
    evidence.stamp(signed, later).await.unwrap();
    assert_eq!(bad.came(), 4, "after its rest it is tried once");
}

#[tokio::test]
async fn a_clock_that_differs_is_told_with_both_times() {
    let Some(services) = services() else { return };
    let signed = sealed(&signer(&services, "seal-p256"), now()).await;
    for hours in [-1, 1] {
        let ours = now() + SignedDuration::from_hours(hours);
        let answer = evidence(&services, &["tsa"]).stamp(signed.clone(), ours).await;
        let Err(EvidenceError::Clock { ours: told, theirs }) = answer else { panic!("{answer:?}") };
        assert_eq!(told, ours);
        assert!(theirs.duration_since(ours).abs() > SignedDuration::from_mins(50));
    }
}

fn asks(services: &crate::harness::Services, timestamps: Vec<String>) -> Evidence {
    Evidence::new(spo::sign::evidence::Settings { bounds: QUICK, ..settings(services, timestamps) })
        .unwrap()
}
