//! Who may what: every route for every role, for a stranger, for a key that has ended. The table is
//! the routes' own; a route without access does not compile.

use jiff::SignedDuration;
use spo::http::route::{Access, ROUTES, Route};
use spo::issue::{Caller, Role};

use crate::harness::{Reply, TestApp, problem_names};

/// Calls a route with nothing that it needs but the caller.
async fn called(app: &TestApp, route: &Route, secret: Option<&str>) -> Reply {
    let id = match route.path.split('/').nth(2) {
        Some("documents") => "doc_019a9b2c-0000-7000-8000-000000000001",
        Some("variation-requests") => "var_019a9b2c-0000-7000-8000-000000000001",
        _ => "ord_019a9b2c-0000-7000-8000-000000000001",
    };
    let path = route.path.replace("{id}", id).replace("{n}", "1");
    let call = app.call(route.verb.name(), &path);
    match secret {
        Some(secret) => call.signed_in(secret).send().await,
        None => call.anonymous().send().await,
    }
}

#[tokio::test]
async fn every_route_lets_in_its_role_and_no_other() {
    let app = TestApp::start().await;
    let mut calls = 0;
    for role in Role::ALL {
        let secret = app.key(role.name(), &[role]).await;
        for route in ROUTES {
            let reply = called(&app, route, Some(&secret)).await;
            let refused = matches!(route.access, Access::Role(needed) if needed != role);
            assert_eq!(reply.status == 403, refused, "{} {}", role.name(), route.path);
            assert_ne!(reply.status, 401, "{}", route.path);
            calls += 1;
        }
    }
    assert_eq!(calls, Role::ALL.len() * ROUTES.len());
}

#[tokio::test]
async fn a_key_without_roles_reads_itself_alone() {
    let app = TestApp::start().await;
    let secret = app.key("none", &[]).await;
    for route in ROUTES {
        let reply = called(&app, route, Some(&secret)).await;
        let refused = matches!(route.access, Access::Role(_));
        assert_eq!(reply.status == 403, refused, "{}", route.path);
    }
}

#[tokio::test]
async fn a_stranger_learns_nothing_anywhere() {
    let app = TestApp::start().await;
    let mut bodies = Vec::new();
    for route in ROUTES {
        let reply = called(&app, route, None).await;
        let open = route.access == Access::Open;
        assert_eq!(reply.status == 401, !open, "{}: {}", route.path, reply.status);
        if !open {
            assert_eq!(problem_names(&reply), "not_signed_in");
            assert!(reply.header("www-authenticate").unwrap().starts_with("Bearer"));
            bodies.push(reply.json()["detail"].clone());
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "one refusal for all");
    app.get("/v1/nothing").anonymous().send().await.expect(401);
    app.call("DELETE", "/v1/orders").anonymous().send().await.expect(401);
}

#[tokio::test]
async fn an_expired_a_revoked_and_an_unknown_key_open_nothing() {
    let app = TestApp::start().await;
    let revoked = app.key("revoked", &Role::ALL).await;
    let caller = Caller { name: "test".into(), request_id: "test".into() };
    app.get("/v1/me").signed_in(&revoked).send().await.expect(200);
    app.issuer.revoke_key(&caller, "revoked").await.unwrap();
    let expired = app.key("expired", &Role::ALL).await;
    app.get("/v1/me").signed_in(&expired).send().await.expect(200);
    app.clock.advance(SignedDuration::from_hours(24 * 366));
    let unknown = format!("{expired}x");
    for secret in [revoked.as_str(), &expired, &unknown, "x"] {
        for route in ROUTES.iter().filter(|route| route.access != Access::Open) {
            let reply = called(&app, route, Some(secret)).await;
            assert_eq!(reply.status, 401, "{}", route.path);
            assert!(reply.header("www-authenticate").unwrap().contains("invalid_token"));
        }
    }
}

#[tokio::test]
async fn a_refused_caller_is_not_told_whether_a_thing_exists() {
    let app = TestApp::start().await;
    let made = app.post("/v1/interim-orders", &crate::harness::interim()).key("k").send().await;
    let order = made.expect(201).header("location").unwrap().to_owned();
    let secret = app.key("draft", &[Role::Draft]).await;
    let there = app.get(&order).signed_in(&secret).send().await.expect(403);
    let other = "/v1/orders/ord_019a9b2c-0000-7000-8000-000000000001";
    let away = app.get(other).signed_in(&secret).send().await.expect(403);
    assert_eq!(there.json()["detail"], away.json()["detail"]);
}
