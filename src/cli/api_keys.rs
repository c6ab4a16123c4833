//! `spo api-keys`: made, listed, revoked.

use std::sync::Arc;

use serde_json::json;

use super::{ApiKeys, Exit, Global, caller, output};
use crate::issue::{IssueError, Issuer, Role};

/// Does what the command says.
pub fn run(global: &Global, command: &ApiKeys) -> Exit {
    match command {
        ApiKeys::Create { name, roles, days } => create(global, name, roles, *days),
        ApiKeys::List => global.with_issuer(|issuer| list(issuer, global.json)),
        ApiKeys::Revoke { name, named } => {
            let name = name.as_deref().or(named.as_deref()).unwrap_or_default();
            revoke(global, name)
        }
    }
}

fn revoke(global: &Global, name: &str) -> Exit {
    global.with_issuer(async |issuer: Arc<Issuer>| {
        issuer.revoke_key(&caller(&issuer)?, name).await?;
        output::note("key_revoked", &[("name", name)]);
        Ok(Exit::Done)
    })
}

fn create(global: &Global, name: &str, roles: &[String], days: Option<u16>) -> Exit {
    let mut known = Vec::new();
    for role in roles {
        match Role::of(role.trim()) {
            Some(role) => known.push(role),
            None => {
                let all = Role::ALL.map(Role::name).join(", ");
                return output::misuse("unknown_role", &[("role", role), ("roles", &all)]);
            }
        }
    }
    if name.is_empty() || name.len() > 100 || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
        return output::misuse("key_name", &[]);
    }
    let days = match (days, global.settings(None)) {
        (Some(0), _) => return output::misuse("key_days", &[]),
        (Some(days), _) => days,
        (None, Ok(config)) => config.limits.api_key_days,
        (None, Err(exit)) => return exit,
    };
    let json = global.json;
    global.with_issuer(async |issuer: Arc<Issuer>| {
        let made = match issuer.create_key(&caller(&issuer)?, name, &known, days).await {
            Err(IssueError::Conflict) => {
                output::note("key_taken", &[("name", name)]);
                return Ok(Exit::Missing);
            }
            made => made?,
        };
        let expires_at = made.holder.expires_at.to_string();
        if json {
            output::json(&json!({
                "name": name, "roles": roles, "expires_at": expires_at, "key": made.secret,
            }));
        } else {
            output::result(&made.secret);
            output::note("key_made", &[("name", name), ("until", &expires_at)]);
        }
        Ok(Exit::Done)
    })
}

async fn list(issuer: Arc<Issuer>, json: bool) -> Result<Exit, IssueError> {
    let (now, _) = issuer.now();
    let keys = issuer.api_keys().await?;
    let mut items = Vec::new();
    for key in keys {
        let state = match key.revoked_at {
            Some(_) => "revoked",
            None if key.expires_at <= now => "expired",
            None => "live",
        };
        let used = key.last_used_at.map(|at| at.to_string());
        if json {
            items.push(json!({
                "name": key.name, "roles": key.roles, "state": state,
                "created_at": key.created_at.to_string(),
                "expires_at": key.expires_at.to_string(), "last_used_at": used,
            }));
        } else {
            let (roles, until) = (key.roles.join(","), key.expires_at.to_string());
            let used = used.unwrap_or_else(|| "-".to_owned());
            output::result(&[key.name.as_str(), state, &roles, &until, &used].join("\t"));
        }
    }
    if json {
        output::json(&json!({ "items": items }));
    }
    Ok(Exit::Done)
}
