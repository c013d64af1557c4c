//! Names that are longer than any should be, or hold NUL: whoever may write an RBAC object or an owner reference may choose
//! them so, and no database keeps them. They are shortened, so that what bears them is judged like everything else.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::kind::Object;
use super::meta::ObjectMeta;
use super::rbac::{RoleRef, Subject};

/// The longest name that is kept whole, in bytes. RBAC's names have no limit; all others end at 253.
const LONGEST: usize = 512;
/// What stays of a longer one, in bytes at most.
const KEPT: usize = 400;

/// Shortens the names in an object by which it is found, and by which it finds others.
pub(super) fn bound(object: &mut Object) {
    bound_meta(object.meta_mut());
    match object {
        Object::RoleBinding(binding) => bound_binding(binding.role_ref.as_mut(), &mut binding.subjects),
        Object::ClusterRoleBinding(binding) => bound_binding(binding.role_ref.as_mut(), &mut binding.subjects),
        _ => {}
    }
}

fn bound_meta(meta: &mut ObjectMeta) {
    shorten(&mut meta.name);
    shorten(&mut meta.namespace);
    for owner in &mut meta.owner_references {
        shorten(&mut owner.name);
        shorten(&mut owner.kind);
        shorten(&mut owner.api_version);
    }
}

fn bound_binding(role: Option<&mut RoleRef>, subjects: &mut [Subject]) {
    if let Some(role) = role {
        shorten(&mut role.name);
    }
    for subject in subjects {
        shorten(&mut subject.name);
        shorten(&mut subject.namespace);
    }
}

/// A name as objects bear it, to look for one that comes from elsewhere.
pub(crate) fn kept(name: &str) -> Cow<'_, str> {
    if is_kept(name) {
        return name.into();
    }
    let mut name = name.to_owned();
    shorten(&mut name);
    name.into()
}

fn is_kept(name: &str) -> bool {
    name.len() <= LONGEST && !name.contains('\0')
}

/// Its beginning and its hash. No name of RBAC holds a `%`, so none can be made to look like another that was shortened.
fn shorten(name: &mut String) {
    if is_kept(name) {
        return;
    }
    let hash = Sha256::digest(name.as_bytes());
    let mut kept = name.replace('\0', "\u{FFFD}");
    let mut end = kept.len().min(KEPT);
    while !kept.is_char_boundary(end) {
        end -= 1;
    }
    kept.truncate(end);
    kept.push('%');
    for byte in &hash[..8] {
        kept.push_str(&format!("{byte:02x}"));
    }
    *name = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(name: &str) -> String {
        let mut name = name.to_owned();
        shorten(&mut name);
        name
    }

    #[test]
    fn names_as_they_should_be_stay() {
        assert_eq!(shortened("system:node"), "system:node");
        assert_eq!(shortened(&"a".repeat(512)), "a".repeat(512));
    }

    #[test]
    fn long_names_and_those_with_nul_are_bounded_and_told_apart() {
        let [one, other] = ["1", "2"].map(|end| shortened(&("é".repeat(1500) + end)));
        assert!(one.len() < LONGEST && one.starts_with("éé") && one != other, "{one}");
        assert_ne!(shortened("a\0b"), shortened("a\u{FFFD}b"));
        assert!(!shortened("a\0b").contains('\0'));
        assert_eq!(shortened(&one), one);
    }
}
