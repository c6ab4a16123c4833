//! JSON Pointers (RFC 6901) into a request.
//!
//! A pointer may name a member that the caller invented. Such a name can itself be a protected
//! value, so it is echoed only where it is short and plain; otherwise the pointer ends at the
//! object around it.

/// The way from the root of a request to one of its parts, while it is walked.
#[derive(Debug, Clone, Default)]
pub struct Path(Vec<Step>);

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    Index(usize),
}

impl Path {
    /// Goes into a member of an object.
    pub fn enter(&mut self, member: &str) {
        self.0.push(Step::Member(member.to_owned()));
    }

    /// Goes into an item of an array, from 0.
    pub fn enter_item(&mut self, index: usize) {
        self.0.push(Step::Index(index));
    }

    /// Goes back out.
    pub fn leave(&mut self) {
        self.0.pop();
    }

    /// The pointer to this place, whatever its members are called: to compare, never to show.
    pub fn exact(&self) -> String {
        let mut pointer = String::new();
        for step in &self.0 {
            match step {
                Step::Member(name) => push(&mut pointer, name),
                Step::Index(index) => push(&mut pointer, &index.to_string()),
            }
        }
        pointer
    }

    /// The pointer to this place; it ends before the first member whose name is not plain.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.0 {
            match step {
                Step::Member(name) if !is_plain(name) => break,
                Step::Member(name) => push(&mut pointer, name),
                Step::Index(index) => push(&mut pointer, &index.to_string()),
            }
        }
        pointer
    }

    /// The pointer to a member of this place.
    pub fn pointer_to(&self, member: &str) -> String {
        let mut pointer = self.pointer();
        if is_plain(member) {
            push(&mut pointer, member);
        }
        pointer
    }
}

/// Adds one reference token to a pointer, escaped as RFC 6901 section 3 says.
pub fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// Whether a member's name may be echoed: one to forty of `a`-`z`, `A`-`Z`, `0`-`9` and `_`, a
/// letter first.
pub fn is_plain(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether `inner` is the place of `outer` or lies in it.
pub fn is_within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Orders pointers as a reader goes: by member name, array items by number.
pub fn in_order(one: &str, other: &str) -> std::cmp::Ordering {
    let key = |token: &str| (token.parse::<usize>().unwrap_or(0), token.to_owned());
    one.split('/').map(key).cmp(other.split('/').map(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_tilde_and_slash() {
        let mut pointer = String::new();
        push(&mut pointer, "a/b~c");
        assert_eq!(pointer, "/a~1b~0c");
    }

    #[test]
    fn a_pointer_ends_before_a_name_that_could_hold_a_secret() {
        let mut path = Path::default();
        path.enter("respondent");
        path.enter("17 Hidden Haven");
        path.enter_item(3);
        assert_eq!(path.pointer(), "/respondent");
        assert_eq!(path.exact(), "/respondent/17 Hidden Haven/3");
        path.leave();
        path.leave();
        assert_eq!(path.pointer_to("07700900123"), "/respondent");
        assert_eq!(path.pointer_to("adress"), "/respondent/adress");
        path.enter_item(3);
        assert_eq!(path.pointer(), "/respondent/3");
    }

    #[test]
    fn a_place_lies_within_itself_and_its_parents_only() {
        assert!(is_within("/a/b", "/a"));
        assert!(is_within("/a", "/a"));
        assert!(is_within("/a", ""));
        assert!(!is_within("/ab", "/a"));
        assert!(!is_within("/a", "/a/b"));
    }

    #[test]
    fn items_are_ordered_by_number() {
        let mut pointers = ["/b", "/a/10/x", "/a/9", "/a/2/x", ""];
        pointers.sort_by(|one, other| in_order(one, other));
        assert_eq!(pointers, ["", "/a/2/x", "/a/9", "/a/10/x", "/b"]);
    }
}
