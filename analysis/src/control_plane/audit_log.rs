//! The file to which an API server writes its audit log, and the limits that it has where no flag sets them.

use super::Instance;

/// Whether there is such a file. Standard output, `-`, is for the container runtime to keep.
pub fn logs_to_file(server: &Instance<'_>) -> bool {
    !matches!(server.flag("--audit-log-path"), None | Some("" | "-"))
}

/// Of what a limit means up to release 1.34, and from 1.37 on, that of the server's release. Between the two the limits got
/// their defaults; in which release is not known here, so neither is what they mean there.
pub fn by_release<T>(server: &Instance<'_>, older: T, newer: T) -> Option<T> {
    match server.minor()? {
        ..=34 => Some(older),
        35 | 36 => None,
        37.. => Some(newer),
    }
}
