//! Who calls, and whether they may: a Bearer key becomes a caller, the route's table says which
//! role it takes.
//!
//! The secret itself never leaves this file; it is compared by its hash, behind
//! [`Issuer::key_holder`].

use actix_web::http::header::{self, HeaderMap};

use super::problem::{Kind, Problem};
use super::route::Access;
use crate::issue::{Issuer, KeyHolder};

/// The holder of the key in `Authorization`, where the route lets them in; none where the route is
/// open.
///
/// # Errors
/// [`Kind::NotSignedIn`], [`Kind::NotAllowed`], and those of the store.
pub async fn admit(
    issuer: &Issuer,
    headers: &HeaderMap,
    access: Access,
) -> Result<Option<KeyHolder>, Problem> {
    if access == Access::Open {
        return Ok(None);
    }
    let secret = bearer(headers).ok_or_else(|| not_signed_in("Bearer realm=\"spo\""))?;
    let holder = issuer
        .key_holder(secret)
        .await?
        .ok_or_else(|| not_signed_in("Bearer realm=\"spo\", error=\"invalid_token\""))?;
    match access {
        Access::Role(role) if !holder.roles.contains(&role) => {
            Err(Problem::new(Kind::NotAllowed).fact("role", role.name()))
        }
        Access::Role(_) | Access::AnyCaller | Access::Open => Ok(Some(holder)),
    }
}

fn not_signed_in(challenge: &'static str) -> Problem {
    Problem::new(Kind::NotSignedIn).header(header::WWW_AUTHENTICATE, challenge)
}

/// The key behind `Bearer` of the one `Authorization` header. RFC 6750, section 2.1.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let (value, None) = (values.next()?.to_str().ok()?, values.next()) else {
        return None;
    };
    let (scheme, secret) = value.split_once(' ')?;
    let fits = (1..=MAX_SECRET).contains(&secret.len()) && secret.bytes().all(is_token68);
    (scheme.eq_ignore_ascii_case("bearer") && fits).then_some(secret)
}

fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

/// Longer than any key that we make.
const MAX_SECRET: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn with(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn one_bearer_key_is_read_and_nothing_else() {
        assert_eq!(bearer(&with(&["Bearer spo_abc"])), Some("spo_abc"));
        assert_eq!(bearer(&with(&["bearer spo_abc"])), Some("spo_abc"));
        let long = format!("Bearer {}", "x".repeat(257));
        for bad in [
            &[][..],
            &["Basic c3Bv"],
            &["Bearer"],
            &["Bearer "],
            &["Bearer a b"],
            &["Bearer a", "Bearer b"],
            &[long.as_str()],
        ] {
            assert_eq!(bearer(&with(bad)), None, "{bad:?}");
        }
    }
}
